// SPDX-License-Identifier: MIT
#include "cli/log_sink.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "base/error.h"

#define JOURNALD "journald"

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
		openlog("skep", LOG_PID, LOG_DAEMON);
		return 0;
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

/* syslog has its own time, and what stands before the place is its priority. */
static void write_syslog(const struct skep_log_record *r, struct skep_text *text)
{
	const char *name = r->program[0] ? r->program : r->function;

	skep_text_printf(text, "%s:%u %s[%u] cpu %u: ", r->file, r->line, name, r->pid, r->cpu);
	skep_text_bytes(text, r->message, r->message_len);
	syslog(skep_log_priority(r->level), "%s", skep_text_string(text));
}

int log_sink_write(void *ctx, const struct skep_log_record *record)
{
	struct log_sink *sink = ctx;

	skep_text_reset(&sink->text);
	switch (sink->kind) {
	case LOG_SINK_SYSLOG:
		write_syslog(record, &sink->text);
		return 0;
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
		closelog();
	if (sink->kind == LOG_SINK_JOURNAL && sink->fd >= 0)
		close(sink->fd);
	skep_text_free(&sink->text);
}

void log_sink_count(struct skep_log *log)
{
	struct skep_log_stats stats = { .size = sizeof(stats) };
	long cpus = sysconf(_SC_NPROCESSORS_CONF);
	const char *before = " (";

	skep_log_stats(log, &stats);
	fprintf(stderr, "%llu lines logged, %llu lost", (unsigned long long)stats.delivered,
		(unsigned long long)stats.lost);
	for (long cpu = 0; stats.lost && cpu < cpus; cpu++) {
		uint64_t lost = skep_log_lost_on(log, (uint32_t)cpu);

		if (!lost)
			continue;
		fprintf(stderr, "%scpu %ld: %llu", before, cpu, (unsigned long long)lost);
		before = ", ";
	}
	fprintf(stderr, "%s\n", *before == ',' ? ")" : "");
	if (stats.damaged)
		fprintf(stderr, "%llu records of the log fit none of its lines\n",
			(unsigned long long)stats.damaged);
}
