// SPDX-License-Identifier: MIT
/* Records as entries of systemd's journal: a line to read, and a field for each column. */
#include "stream/sink_types.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <syslog.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "event/journal.h"
#include "stream/net/columns.h"
#include "stream/net/severity.h"
#include "stream/setting.h"

#define SECOND	   1000000000ll
#define PREFIX	   "EVENT_"
#define FIELD_NAME 64 /* what the journal takes */

struct journal {
	int fd;
	const char *path; /* NULL: where systemd has it */
	int severity;
	const char *tag;
	int64_t retry_at;
	bool is_stuck; /* the last entry was not taken in time */
	struct skep_text entry, value, scratch;
};

/* After an entry that waited in vain others are not waited for, until one is taken again. */
static void set_patience(struct journal *j, bool is_stuck)
{
	j->is_stuck = is_stuck;
	fcntl(j->fd, F_SETFL, is_stuck ? O_NONBLOCK : 0);
}

static int reach(struct journal *j, struct skep_error *err)
{
	const struct timeval second = { .tv_sec = 1 };
	int64_t now = skep_clock_now(CLOCK_MONOTONIC);

	if (j->fd >= 0)
		return 0;
	if (now < j->retry_at)
		return skep_error_set(err, SKEP_STAGE_DELIVER, ENOTCONN, "the journal is gone");
	j->retry_at = now + SECOND / 2;
	j->fd = skep_journal_open(j->path, err);
	if (j->fd < 0)
		return j->fd;
	setsockopt(j->fd, SOL_SOCKET, SO_SNDTIMEO, &second, sizeof(second));
	j->is_stuck = false;
	return 0;
}

/* To a journal that has been started anew by a new socket. */
static int send_entry(struct journal *j, struct skep_error *err)
{
	int ret = 0;

	if (j->entry.failed)
		return skep_error_nomem(err, SKEP_STAGE_DELIVER);
	for (int i = 0; i < 2; i++) {
		ret = reach(j, err);
		if (ret)
			return ret;
		ret = skep_journal_send(j->fd, &j->entry, err);
		if (j->is_stuck != (ret == -EAGAIN))
			set_patience(j, ret == -EAGAIN);
		if (ret != -ECONNREFUSED && ret != -ENOTCONN && ret != -ECONNRESET)
			break;
		close(j->fd);
		j->fd = -1;
	}
	return ret;
}

static void write_field(void *ctx, const char *name, const struct skep_value *value)
{
	char field[FIELD_NAME + 1] = PREFIX;
	struct journal *j = ctx;
	size_t n = strlen(field);

	for (; *name && n < FIELD_NAME; name++)
		field[n++] =
			isalnum((unsigned char)*name) ? (char)toupper((unsigned char)*name) : '_';
	field[n] = '\0';
	skep_text_reset(&j->value);
	skep_write_bare(value, &j->value);
	skep_journal_write_field(field, j->value.data, j->value.len, &j->entry);
}

static int write_record(struct skep_sink *sink, const struct skep_source *source, const void *data,
			size_t len, struct skep_error *err)
{
	struct journal *j = sink->state;

	skep_text_reset(&j->value);
	skep_text_str(&j->value, source->name);
	skep_text_lit(&j->value, ": ");
	skep_write_record(source, SKEP_FORM_LOGFMT, data, len, &j->value);
	skep_text_reset(&j->entry);
	skep_journal_write_field("MESSAGE", j->value.data, j->value.len, &j->entry);
	skep_text_printf(&j->entry, "PRIORITY=%d\n", j->severity);
	skep_journal_write_field("SYSLOG_IDENTIFIER", j->tag, strlen(j->tag), &j->entry);
	skep_journal_write_field("SKEP_SOURCE", source->name, strlen(source->name), &j->entry);
	skep_text_printf(&j->entry, "SKEP_TIME_NS=%lld\n",
			 (long long)skep_record_time(sink, source, data, len));
	if (sink->cpu >= 0)
		skep_text_printf(&j->entry, "SKEP_CPU=%d\n", sink->cpu);
	skep_each_column(source, data, len, &j->scratch, write_field, j);
	return send_entry(j, err);
}

static int flush(struct skep_sink *sink, bool is_last, struct skep_error *err)
{
	(void)sink;
	(void)is_last;
	(void)err;
	return 0;
}

static int open_sink(struct skep_sink *sink, const char *target, struct skep_error *err)
{
	struct journal *j = calloc(1, sizeof(*j));
	int ret;

	sink->state = j;
	if (!j)
		return skep_error_nomem(err, SKEP_STAGE_USAGE);
	j->fd = -1;
	j->path = target[0] ? target : NULL;
	j->severity = LOG_INFO;
	j->tag = skep_sink_setting(sink, "tag") ?: "skep";
	ret = skep_sink_choice(sink, "severity", skep_severities, &j->severity, err);
	return ret ?: reach(j, err);
}

static void close_sink(struct skep_sink *sink)
{
	struct journal *j = sink->state;

	if (!j)
		return;
	if (j->fd >= 0)
		close(j->fd);
	skep_text_free(&j->entry);
	skep_text_free(&j->value);
	skep_text_free(&j->scratch);
	free(j);
}

static const struct skep_sink_option options[] = {
	{ "severity", "NAME", "info (default), debug, notice, warning, err and the like" },
	{ "tag", "NAME", "the entries' SYSLOG_IDENTIFIER (skep)" },
	{ NULL },
};

const struct skep_sink_type skep_sink_journald = {
	.name = "journald",
	.target = "[SOCKET]",
	.summary = "entries of systemd's journal, a field a column",
	.may_wait = true,
	.options = options,
	.open = open_sink,
	.write = write_record,
	.flush = flush,
	.close = close_sink,
};
