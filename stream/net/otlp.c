// SPDX-License-Identifier: MIT
/* Records as logs of OpenTelemetry: OTLP/HTTP with protocol buffers. */
#include <errno.h>
#include <stdlib.h>

#include "base/error.h"
#include "stream/net/http_sink.h"
#include "stream/net/otlp_message.h"
#include "stream/setting.h"
#include "stream/sink_types.h"

struct otlp_sink {
	struct skep_otlp otlp;
	struct skep_http *logs;
	struct skep_http_limits limits;
	struct skep_http_batch batch;
};

/* The names of OTLP's severities, and their numbers. */
static const char *const severities[] = {
	"trace", "debug", "info", "warn", "error", "fatal", NULL
};

static int severity_number(int index)
{
	return 1 + 4 * index;
}

static void answered(void *ctx, const char *body, size_t len, uint64_t records)
{
	struct skep_error why = { 0 };
	uint64_t rejected = skep_otlp_rejected(body, len, &why);

	if (rejected)
		skep_sink_lose(ctx, rejected < records ? rejected : records, &why);
}

static void send_batch(struct otlp_sink *o)
{
	struct skep_text request = { 0 };
	uint64_t records = o->batch.records;

	skep_otlp_write_request(&o->otlp, &o->batch.items, &request);
	skep_text_reset(&o->batch.items);
	o->batch.records = 0;
	skep_http_post(o->logs, &request, records, NULL);
	skep_text_free(&request);
}

static int write_record(struct skep_sink *sink, const struct skep_source *source, const void *data,
			size_t len, struct skep_error *err)
{
	struct otlp_sink *o = sink->state;
	size_t before = o->batch.items.len;
	int ret;

	skep_otlp_write_record(&o->otlp, sink, source, data, len, &o->batch.items);
	ret = skep_http_batch_add(&o->batch, before, err);
	if (!ret && skep_http_batch_is_due(&o->batch, &o->limits))
		send_batch(o);
	return ret;
}

static int flush(struct skep_sink *sink, bool is_last, struct skep_error *err)
{
	struct otlp_sink *o = sink->state;

	(void)err;
	if (o->batch.records && (is_last || skep_http_batch_is_due(&o->batch, &o->limits)))
		send_batch(o);
	if (is_last)
		skep_http_finish(o->logs);
	else
		skep_http_drive(o->logs);
	return 0;
}

static int open_sink(struct skep_sink *sink, const char *url, struct skep_error *err)
{
	const struct skep_http_kind kind = { .path = "/v1/logs",
					     .content_type = "application/x-protobuf",
					     .token_variable = "SKEP_OTLP_TOKEN",
					     .answered = answered,
					     .ctx = sink };
	const char *service = skep_sink_setting(sink, "service") ?: "skep";
	struct otlp_sink *o = calloc(1, sizeof(*o));
	int severity = 2, ret;

	sink->state = o;
	if (!o || skep_otlp_init(&o->otlp, service))
		return skep_error_nomem(err, SKEP_STAGE_USAGE);
	o->otlp.has_body = true;
	ret = skep_sink_choice(sink, "severity", severities, &severity, err) ?:
		      skep_sink_flag(sink, "body", &o->otlp.has_body, err);
	if (ret)
		return ret;
	o->otlp.severity = severity_number(severity);
	o->otlp.severity_text = severities[severity];
	o->logs = skep_http_open_sink(sink, url, &kind, &o->limits, err);
	return o->logs ? 0 : -EINVAL;
}

static void close_sink(struct skep_sink *sink)
{
	struct otlp_sink *o = sink->state;

	if (!o)
		return;
	skep_http_close(o->logs);
	skep_text_free(&o->batch.items);
	skep_otlp_free(&o->otlp);
	free(o);
}

static const struct skep_sink_option options[] = {
	{ "service", "NAME", "service.name of what is sent (skep)" },
	{ "severity", "NAME", "info (default), trace, debug, warn, error, fatal" },
	{ "body", "yes|no", "a line to read beside the attributes (yes)" },
	SKEP_HTTP_OPTIONS,
};

const struct skep_sink_type skep_sink_otlp = {
	.name = "otlp",
	.target = "URL",
	.summary = "logs for a collector of OpenTelemetry; @FILE has the URL if it is secret",
	.may_wait = true,
	.options = options,
	.open = open_sink,
	.write = write_record,
	.flush = flush,
	.close = close_sink,
};
