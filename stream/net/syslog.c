// SPDX-License-Identifier: MIT
/*
 * Records as messages of syslog: RFC 5424 over a network, with the columns as structured data; for
 * a local daemon in the form of syslog(3).
 */
#include "stream/sink_types.h"

#include <errno.h>
#include <stdlib.h>
#include <syslog.h>
#include <unistd.h>

#include "base/error.h"
#include "base/readable.h"
#include "stream/net/columns.h"
#include "stream/net/severity.h"
#include "stream/net/syslog_socket.h"
#include "stream/net/utf8.h"
#include "stream/setting.h"

#define LAST 3000000000ll

/* The number that RFC 5612 has for those who have none of their own. */
#define ID "skep@32473"

struct syslog_sink {
	struct skep_syslog log;
	int priority;
	char host[256], tag[49];
	struct skep_text message, value, scratch;
};

/* A word of the header: printable ASCII without spaces, "-" if it is empty. */
static void write_word(const char *word, size_t most, struct skep_text *out)
{
	if (!word[0])
		skep_text_char(out, '-');
	for (size_t i = 0; word[i] && i < most; i++)
		skep_text_char(out, word[i] > ' ' && word[i] <= '~' ? word[i] : '_');
}

/* Microseconds: the RFC has six digits behind the point at most. */
static void write_time(int64_t time, struct skep_text *out)
{
	size_t before = out->len;

	skep_write_instant((uint64_t)time, out);
	if (out->len - before > 4 && out->data[out->len - 1] == 'Z') {
		out->len -= 4;
		skep_text_char(out, 'Z');
	}
}

static void write_param(void *ctx, const char *name, const struct skep_value *value)
{
	struct syslog_sink *s = ctx;

	skep_text_char(&s->message, ' ');
	for (size_t i = 0; name[i] && i < 32; i++)
		skep_text_char(&s->message,
			       name[i] > ' ' && name[i] <= '~' && !strchr("=]\"", name[i]) ?
				       name[i] :
				       '_');
	skep_text_lit(&s->message, "=\"");
	skep_text_reset(&s->value);
	skep_write_bare(value, &s->value);
	skep_text_utf8(&s->message, s->value.data ?: "", s->value.len, "\"\\]");
	skep_text_char(&s->message, '"');
}

static void write_5424(struct syslog_sink *s, const struct skep_sink *sink,
		       const struct skep_source *source, const void *data, size_t len)
{
	struct skep_text *out = &s->message;

	skep_text_printf(out, "<%d>1 ", s->priority);
	write_time(skep_record_time(sink, source, data, len), out);
	skep_text_char(out, ' ');
	write_word(s->host, 255, out);
	skep_text_char(out, ' ');
	write_word(s->tag, 48, out);
	skep_text_printf(out, " %d ", (int)getpid());
	write_word(source->name, 32, out);
	skep_text_str(out, source->schema ? " [" ID : " ");
	skep_each_column(source, data, len, &s->scratch, write_param, s);
	skep_text_str(out, source->schema ? "] " : "- ");
}

static int write_record(struct skep_sink *sink, const struct skep_source *source, const void *data,
			size_t len, struct skep_error *err)
{
	struct syslog_sink *s = sink->state;

	skep_text_reset(&s->message);
	if (s->log.kind == SKEP_SYSLOG_UNIX) {
		skep_syslog_write_head(s->priority, s->tag, &s->message);
		skep_text_escaped(&s->message, source->name, strlen(source->name));
		skep_text_lit(&s->message, ": ");
	} else {
		write_5424(s, sink, source, data, len);
	}
	skep_write_record(source, SKEP_FORM_LOGFMT, data, len, &s->message);
	return skep_syslog_send(&s->log, &s->message, err);
}

static int flush(struct skep_sink *sink, bool is_last, struct skep_error *err)
{
	struct syslog_sink *s = sink->state;
	struct skep_error why = { 0 };
	size_t left = skep_syslog_drain(&s->log, is_last ? LAST : 0, &why);

	(void)err;
	if (!is_last || !left)
		return 0;
	if (!why.code)
		skep_error_set(&why, SKEP_STAGE_DELIVER, ETIMEDOUT,
			       "the run ended before the syslog daemon had taken it");
	skep_sink_lose(sink, left, &why);
	return 0;
}

static int read_settings(struct skep_sink *sink, struct syslog_sink *s, struct skep_error *err)
{
	const char *tag = skep_sink_setting(sink, "tag") ?: "skep";
	int facility = LOG_DAEMON >> 3, severity = LOG_INFO, ret;

	ret = skep_sink_choice(sink, "facility", skep_facilities, &facility, err)	  ?:
		      skep_sink_choice(sink, "severity", skep_severities, &severity, err) ?:
		      skep_sink_size(sink, "queue", 64 * 1024, 1ull << 40, &s->log.limit, err);
	if (ret)
		return ret;
	if (!tag[0] || strlen(tag) >= sizeof(s->tag) || strpbrk(tag, " :[]"))
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "tag is a word of at most 48 characters");
	memcpy(s->tag, tag, strlen(tag) + 1);
	s->priority = facility << 3 | severity;
	gethostname(s->host, sizeof(s->host) - 1);
	return 0;
}

static int open_sink(struct skep_sink *sink, const char *target, struct skep_error *err)
{
	struct syslog_sink *s = calloc(1, sizeof(*s));

	sink->state = s;
	if (!s)
		return skep_error_nomem(err, SKEP_STAGE_USAGE);
	return skep_syslog_open(&s->log, target, err) ?: read_settings(sink, s, err);
}

static void close_sink(struct skep_sink *sink)
{
	struct syslog_sink *s = sink->state;

	if (!s)
		return;
	skep_syslog_close(&s->log);
	skep_text_free(&s->message);
	skep_text_free(&s->value);
	skep_text_free(&s->scratch);
	free(s);
}

static const struct skep_sink_option options[] = {
	{ "facility", "NAME", "daemon (default), user, local0 and the like" },
	{ "severity", "NAME", "info (default), debug, notice, warning, err and the like" },
	{ "tag", "NAME", "what messages are said to come from (skep)" },
	{ "queue", "SIZE", "what waits for a daemon by tcp at most (16M)" },
	{ NULL },
};

const struct skep_sink_type skep_sink_syslog = {
	.name = "syslog",
	.target = "[unix:PATH|udp:HOST:PORT|tcp:HOST:PORT]",
	.summary = "messages for a syslog daemon, the local one or another's",
	.may_wait = true,
	.options = options,
	.open = open_sink,
	.write = write_record,
	.flush = flush,
	.close = close_sink,
};
