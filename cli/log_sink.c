// SPDX-License-Identifier: MIT
#include "cli/log_sink.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"

#define JOURNALD "journald"
#define SECOND	 1000000000ull

static int wrong_place(const char *where, struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "a log cannot go to '%s'", where);
	skep_error_add_hint(err, "it goes to syslog, journald or journald:SOCKET");
	return -EINVAL;
}

int log_sink_open(struct log_sink *sink, const char *where, int fd, bool json,
		  struct skep_error *err)
{
	size_t len = strlen(JOURNALD);

	*sink = (struct log_sink){ .fd = fd, .json = json };
	if (!where)
		return 0;
	sink->fd = -1;
	if (!strcmp(where, "syslog")) {
		sink->kind = LOG_SINK_SYSLOG;
		return skep_syslog_open(&sink->syslog, "", err);
	}
	if (strncmp(where, JOURNALD, len) || (where[len] && where[len] != ':'))
		return wrong_place(where, err);
	sink->kind = LOG_SINK_JOURNAL;
	sink->fd = skep_journal_open(where[len] ? where + len + 1 : NULL, err);
	return sink->fd < 0 ? sink->fd : 0;
}

/* Each line is whole as soon as it is there: it may be the last before something breaks. */
static int write_out(struct log_sink *sink)
{
	const struct skep_text *text = &sink->text;

	for (size_t done = 0; done < text->len;) {
		ssize_t n = write(sink->fd, text->data + done, text->len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return skep_error_set_errno(&sink->failed, SKEP_STAGE_DELIVER, errno,
						    "the log cannot be written");
		done += (size_t)n;
	}
	return 0;
}

static int send_syslog(struct log_sink *sink)
{
	int ret = skep_syslog_send(&sink->syslog, &sink->text, &sink->failed);

	/* A stream's daemon gets each line at once, as others do. */
	skep_syslog_drain(&sink->syslog, 0, NULL);
	return ret;
}

/* syslog has its own time, and what stands before the place is its priority. */
static int write_syslog(struct log_sink *sink, const struct skep_log_record *r)
{
	const char *name = r->program[0] ? r->program : r->function;
	struct skep_text *text = &sink->text;

	skep_syslog_write_head(LOG_DAEMON | skep_log_priority(r->level), "skep", text);
	skep_text_printf(text, "%s:%u %s[%u] cpu %u: ", r->file, r->line, name, r->pid, r->cpu);
	skep_text_bytes(text, r->message, r->message_len);
	return send_syslog(sink);
}

/* " (cpu 0: 1, cpu 3: 1)" */
static void write_cpus(struct skep_log *log, struct skep_text *text)
{
	long cpus = sysconf(_SC_NPROCESSORS_CONF);
	const char *before = " (";

	for (long cpu = 0; cpu < cpus; cpu++) {
		uint64_t lost = skep_log_lost_on(log, (uint32_t)cpu);

		if (!lost)
			continue;
		skep_text_printf(text, "%scpu %ld: %llu", before, cpu, (unsigned long long)lost);
		before = ", ";
	}
	if (*before == ',')
		skep_text_char(text, ')');
}

static int send_losses(struct log_sink *sink, const char *words, uint64_t realtime)
{
	const struct skep_log_record record = { .size = sizeof(record),
						.level = SKEP_LOG_WARN,
						.realtime = realtime,
						.message = words,
						.message_len = strlen(words) };

	if (sink->kind == LOG_SINK_FD) {
		fprintf(stderr, "%s\n", words);
		return 0;
	}
	skep_text_reset(&sink->text);
	if (sink->kind == LOG_SINK_SYSLOG) {
		skep_syslog_write_head(LOG_DAEMON | LOG_WARNING, "skep", &sink->text);
		skep_text_str(&sink->text, words);
		return send_syslog(sink);
	}
	skep_log_write_journal(&record, &sink->text);
	return skep_journal_send(sink->fd, &sink->text, &sink->failed);
}

static int tell_losses(struct log_sink *sink, const struct skep_log_record *record)
{
	SKEP_SCOPED(skep_text_free) struct skep_text words = { 0 };
	struct skep_log_stats stats = { .size = sizeof(stats) };

	if (!sink->log || record->time < sink->looked + SECOND)
		return 0;
	sink->looked = record->time;
	skep_log_stats(sink->log, &stats);
	if (stats.lost == sink->lost)
		return 0;
	sink->lost = stats.lost;
	skep_text_printf(&words, "the log was full: %llu lines lost until now",
			 (unsigned long long)stats.lost);
	write_cpus(sink->log, &words);
	return send_losses(sink, skep_text_string(&words), record->realtime);
}

int log_sink_write(void *ctx, const struct skep_log_record *record)
{
	struct log_sink *sink = ctx;
	int ret = tell_losses(sink, record);

	if (ret)
		return ret;
	skep_text_reset(&sink->text);
	switch (sink->kind) {
	case LOG_SINK_SYSLOG:
		return write_syslog(sink, record);
	case LOG_SINK_JOURNAL:
		skep_log_write_journal(record, &sink->text);
		return skep_journal_send(sink->fd, &sink->text, &sink->failed);
	default:
		if (sink->json)
			skep_log_write_json(record, &sink->text);
		else
			skep_log_write_text(record, &sink->text);
		return write_out(sink);
	}
}

void log_sink_close(struct log_sink *sink)
{
	if (sink->kind == LOG_SINK_SYSLOG)
		skep_syslog_close(&sink->syslog);
	if (sink->kind == LOG_SINK_JOURNAL && sink->fd >= 0)
		close(sink->fd);
	skep_text_free(&sink->text);
}

void log_sink_count(struct skep_log *log)
{
	SKEP_SCOPED(skep_text_free) struct skep_text cpus = { 0 };
	struct skep_log_stats stats = { .size = sizeof(stats) };

	skep_log_stats(log, &stats);
	write_cpus(log, &cpus);
	fprintf(stderr, "%llu lines logged, %llu lost%s\n", (unsigned long long)stats.delivered,
		(unsigned long long)stats.lost, skep_text_string(&cpus));
	if (stats.damaged)
		fprintf(stderr, "%llu records of the log fit none of its lines\n",
			(unsigned long long)stats.damaged);
}
