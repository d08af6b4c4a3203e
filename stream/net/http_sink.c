// SPDX-License-Identifier: MIT
#include "stream/net/http_sink.h"

#include <errno.h>
#include <stdlib.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "stream/net/secret.h"
#include "stream/setting.h"

#define SECOND	   1000000000ll
#define BATCH_SIZE (1024 * 1024)
#define ITEM_SIZE  (4 * BATCH_SIZE)

/* Headers that show who asks are not for command lines, which everyone on a machine can see. */
static int check_header(const char *value, struct skep_error *err)
{
	static const char *const secret[] = { "authorization:", "proxy-authorization:", "cookie:",
					      "x-api-key:", "api-key:" };

	if (!strchr(value, ':') || value[0] == ':' || strpbrk(value, "\r\n"))
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "header is NAME:VALUE");
	for (size_t i = 0; i < sizeof(secret) / sizeof(secret[0]); i++) {
		if (strncasecmp(value, secret[i], strlen(secret[i])))
			continue;
		skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
			       "what is secret does not belong on a command line");
		skep_error_add_hint(err, "give a token by token_file=FILE, or @FILE with a header "
					 "as header=@FILE");
		return -EINVAL;
	}
	return 0;
}

struct headers {
	struct skep_vec(char *) lines;
};

static void free_headers(struct headers *headers)
{
	skep_vec_for_each(&headers->lines, line)
		free(*line);
	skep_vec_free(&headers->lines);
}

static int read_headers(const struct skep_sink *sink, struct headers *headers,
			struct skep_error *err)
{
	for (size_t i = 0; i < sink->settings.len; i++) {
		const struct skep_sink_setting *setting = &sink->settings.items[i];
		char **line;

		if (strcmp(setting->name, "header"))
			continue;
		if (setting->value[0] != '@' && check_header(setting->value, err))
			return -EINVAL;
		line = skep_vec_push(&headers->lines);
		if (!line)
			return skep_error_nomem(err, SKEP_STAGE_USAGE);
		*line = skep_secret_or_word(setting->value, err);
		if (!*line)
			return -EINVAL;
	}
	return 0;
}

static int read_settings(const struct skep_sink *sink, struct skep_http_opts *opts,
			 struct skep_http_limits *limits, struct skep_error *err)
{
	*limits = (struct skep_http_limits){ .batch = 1000, .every = SECOND };
	opts->queue = 16 << 20;
	opts->timeout = 10 * SECOND;
	opts->retries = 5;
	return skep_sink_number(sink, "batch", 1, 100000, &limits->batch, err)			?:
		       skep_sink_duration(sink, "every", 0, 3600 * SECOND, &limits->every, err) ?:
		       skep_sink_size(sink, "queue", 64 * 1024, 1ull << 40, &opts->queue, err)	?:
		       skep_sink_duration(sink, "timeout", SECOND / 10, 600 * SECOND, &opts->timeout, err) ?:
		       skep_sink_number(sink, "retries", 0, 1000, &opts->retries, err);
}

struct skep_http *skep_http_open_sink(struct skep_sink *sink, const char *url,
				      const struct skep_http_kind *kind,
				      struct skep_http_limits *limits, struct skep_error *err)
{
	SKEP_SCOPED(free_headers) struct headers headers = { 0 };
	SKEP_SCOPED(skep_scoped_free) char *token = NULL;
	SKEP_SCOPED(skep_scoped_free) char *base = skep_secret_or_word(url, err);
	SKEP_SCOPED(skep_text_free) struct skep_text whole = { 0 };
	struct skep_http_opts opts = { .sink = sink,
				       .content_type = kind->content_type,
				       .accept = kind->accept,
				       .answered = kind->answered,
				       .ctx = kind->ctx };

	if (!base || read_settings(sink, &opts, limits, err) || read_headers(sink, &headers, err))
		return NULL;
	if (skep_secret_setting(sink, "token_file", kind->token_variable, &token, err))
		return NULL;
	skep_text_str(&whole, base);
	if (kind->path) {
		while (whole.len && whole.data[whole.len - 1] == '/')
			whole.len--;
		skep_text_str(&whole, kind->path);
	}
	opts.url = skep_text_string(&whole);
	opts.token = token;
	opts.ca = skep_sink_setting(sink, "ca");
	opts.headers = headers.lines.items;
	opts.n_headers = headers.lines.len;
	return skep_http_open(&opts, err);
}

int skep_http_batch_add(struct skep_http_batch *batch, size_t before, struct skep_error *err)
{
	struct skep_text *items = &batch->items;

	if (items->failed) {
		items->len = before;
		items->failed = false;
		return skep_error_nomem(err, SKEP_STAGE_DELIVER);
	}
	if (items->len - before > ITEM_SIZE) {
		items->len = before;
		return skep_error_set(err, SKEP_STAGE_DELIVER, EMSGSIZE,
				      "a record is longer than a request may be");
	}
	if (!batch->records++)
		batch->since = skep_clock_now(CLOCK_MONOTONIC);
	return 0;
}

bool skep_http_batch_is_due(const struct skep_http_batch *batch,
			    const struct skep_http_limits *limits)
{
	if (!batch->records)
		return false;
	return batch->records >= limits->batch || batch->items.len >= BATCH_SIZE ||
	       skep_clock_now(CLOCK_MONOTONIC) - batch->since >= limits->every;
}
