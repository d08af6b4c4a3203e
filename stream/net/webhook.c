// SPDX-License-Identifier: MIT
/* Records as JSON, posted to a URL; each source has requests of its own. */
#include "stream/sink_types.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "stream/net/http_sink.h"
#include "stream/record_form.h"
#include "stream/setting.h"

/* More sources than any object has maps. */
#define MAX_SOURCES 65536

struct batch {
	struct skep_http_batch body;
	char header[80]; /* "Skep-Source: events" */
};

struct webhook {
	struct skep_http *http;
	struct skep_http_limits limits;
	bool is_array;
	struct skep_vec(struct batch) batches; /* by the source's index */
};

/* A line of a header is not to be ended by a name. */
static void write_header(const char *source, struct batch *batch)
{
	snprintf(batch->header, sizeof(batch->header), "Skep-Source: %s", source);
	for (char *c = batch->header; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '_';
}

static struct batch *batch_of(struct webhook *hook, const struct skep_source *source)
{
	struct batch *batch;

	if (source->index >= MAX_SOURCES)
		return NULL;
	while (hook->batches.len <= source->index)
		if (!skep_vec_push(&hook->batches))
			return NULL;
	batch = &hook->batches.items[source->index];
	if (!batch->header[0])
		write_header(source->name, batch);
	return batch;
}

static void send_batch(struct webhook *hook, struct batch *batch)
{
	uint64_t records = batch->body.records;

	if (hook->is_array)
		skep_text_lit(&batch->body.items, "]\n");
	batch->body.records = 0;
	skep_http_post(hook->http, &batch->body.items, records, batch->header);
}

static int write_record(struct skep_sink *sink, const struct skep_source *source, const void *data,
			size_t len, struct skep_error *err)
{
	struct webhook *hook = sink->state;
	struct batch *batch = batch_of(hook, source);
	struct skep_text *items;
	size_t before;
	int ret;

	if (!batch)
		return skep_error_nomem(err, SKEP_STAGE_DELIVER);
	items = &batch->body.items;
	before = items->len;
	if (hook->is_array)
		skep_text_char(items, before ? ',' : '[');
	skep_write_record(source, SKEP_FORM_JSON_LINES, data, len, items);
	if (!hook->is_array)
		skep_text_char(items, '\n');
	ret = skep_http_batch_add(&batch->body, before, err);
	if (!ret && skep_http_batch_is_due(&batch->body, &hook->limits))
		send_batch(hook, batch);
	return ret;
}

static int flush(struct skep_sink *sink, bool is_last, struct skep_error *err)
{
	struct webhook *hook = sink->state;

	(void)err;
	skep_vec_for_each(&hook->batches, batch)
		if (batch->body.records &&
		    (is_last || skep_http_batch_is_due(&batch->body, &hook->limits)))
			send_batch(hook, batch);
	if (is_last)
		skep_http_finish(hook->http, skep_http_deadline());
	else
		skep_http_drive(hook->http);
	return 0;
}

static int open_hook(struct skep_sink *sink, const char *url, struct skep_error *err)
{
	static const char *const bodies[] = { "array", "lines", NULL };
	struct skep_http_kind kind = { .token_variable = "SKEP_WEBHOOK_TOKEN" };
	struct webhook *hook = calloc(1, sizeof(*hook));
	int body = 0, ret;

	sink->state = hook;
	if (!hook)
		return skep_error_nomem(err, SKEP_STAGE_USAGE);
	ret = skep_sink_choice(sink, "body", bodies, &body, err);
	if (ret)
		return ret;
	hook->is_array = body == 0;
	kind.content_type = hook->is_array ? "application/json" : "application/x-ndjson";
	hook->http = skep_http_open_sink(sink, url, &kind, &hook->limits, err);
	return hook->http ? 0 : -EINVAL;
}

static void close_hook(struct skep_sink *sink)
{
	struct webhook *hook = sink->state;

	if (!hook)
		return;
	skep_http_close(hook->http);
	skep_vec_for_each(&hook->batches, batch)
		skep_text_free(&batch->body.items);
	skep_vec_free(&hook->batches);
	free(hook);
}

static const struct skep_sink_option options[] = {
	{ "body", "array|lines", "a JSON array (default), or a line a record" },
	SKEP_HTTP_OPTIONS,
};

const struct skep_sink_type skep_sink_webhook = {
	.name = "webhook",
	.target = "URL",
	.summary = "JSON posted to a URL; @FILE has it if it is secret",
	.may_wait = true,
	.options = options,
	.open = open_hook,
	.write = write_record,
	.flush = flush,
	.close = close_hook,
};
