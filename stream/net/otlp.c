// SPDX-License-Identifier: MIT
/* Records as logs of OpenTelemetry, and metrics made of them: OTLP/HTTP with protocol buffers. */
#include <errno.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/error.h"
#include "stream/metrics/settings.h"
#include "stream/net/http_sink.h"
#include "stream/net/otlp_metrics.h"
#include "stream/setting.h"
#include "stream/sink_types.h"

#define SECOND 1000000000ll

struct otlp_sink {
	struct skep_otlp otlp;
	struct skep_http_limits limits;

	struct skep_http *logs; /* NULL: none are sent */
	struct skep_http_batch batch;

	struct skep_http *points; /* likewise */
	struct skep_metrics metrics;
	int64_t start;		/* ns since 1970 */
	int64_t interval, next; /* CLOCK_MONOTONIC */
	/* Records: that are in the metrics, in those last sent, and in those that were taken. */
	uint64_t counted, sent, taken;
};

/* The names of OTLP's severities; the first has number 1, each other four more. */
static const char *const severities[] = {
	"trace", "debug", "info", "warn", "error", "fatal", NULL
};

static void logs_answered(void *ctx, const char *body, size_t len, uint64_t records)
{
	struct skep_error why = { 0 };
	uint64_t rejected = skep_otlp_rejected(body, len, &why);

	if (rejected)
		skep_sink_lose(ctx, rejected < records ? rejected : records, &why);
}

static void points_answered(void *ctx, const char *body, size_t len, uint64_t records)
{
	struct otlp_sink *o = ((struct skep_sink *)ctx)->state;
	struct skep_error why = { 0 };

	(void)records;
	if (!skep_otlp_rejected(body, len, &why))
		o->taken = o->sent;
}

static void post(struct otlp_sink *o, struct skep_http *http, const struct skep_text *items,
		 uint64_t records)
{
	struct skep_text request = { 0 };

	skep_otlp_write_request(&o->otlp, items, &request);
	skep_http_post(http, &request, records, NULL);
	skep_text_free(&request);
}

static void send_batch(struct otlp_sink *o)
{
	uint64_t records = o->batch.records;

	o->batch.records = 0;
	post(o, o->logs, &o->batch.items, records);
	skep_text_reset(&o->batch.items);
}

/* They are sums since the start: while some are on their way, others need not be sent. */
static void send_points(struct otlp_sink *o)
{
	struct skep_text items = { 0 };

	o->next = skep_clock_now(CLOCK_MONOTONIC) + o->interval;
	if (skep_http_queued(o->points))
		return;
	skep_otlp_write_metrics(&o->metrics, o->start, skep_clock_now(CLOCK_REALTIME), &items);
	o->sent = o->counted;
	post(o, o->points, &items, 0);
	skep_text_free(&items);
}

static int write_log(struct otlp_sink *o, const struct skep_sink *sink,
		     const struct skep_source *source, const void *data, size_t len,
		     struct skep_error *err)
{
	size_t before = o->batch.items.len;
	int ret;

	skep_otlp_write_record(&o->otlp, sink, source, data, len, &o->batch.items);
	ret = skep_http_batch_add(&o->batch, before, err);
	if (!ret && skep_http_batch_is_due(&o->batch, &o->limits))
		send_batch(o);
	return ret;
}

static int write_record(struct skep_sink *sink, const struct skep_source *source, const void *data,
			size_t len, struct skep_error *err)
{
	struct otlp_sink *o = sink->state;
	int ret = 0;

	/* What no metric is made of may be a log all the same. */
	if (o->points)
		ret = skep_metrics_record(&o->metrics, source, data, len, o->logs ? NULL : err);
	o->counted += !ret;
	return o->logs ? write_log(o, sink, source, data, len, err) : ret;
}

static void missed(struct skep_sink *sink, const struct skep_source *source, uint64_t n)
{
	struct otlp_sink *o = sink->state;

	if (o->points)
		skep_metrics_missed(&o->metrics, source, n);
}

/* The last metrics have all that those before had: what is not in them now is lost. */
static int finish_points(struct skep_sink *sink, int64_t deadline, struct skep_error *err)
{
	struct otlp_sink *o = sink->state;
	struct skep_error why = { 0 };

	skep_http_finish(o->points, deadline);
	send_points(o);
	skep_http_finish(o->points, deadline);
	if (o->taken == o->counted)
		return skep_metrics_check_use(&o->metrics, err);
	skep_http_last_failure(o->points, &why);
	if (!o->logs)
		skep_sink_lose(sink, o->counted - o->taken, &why);
	else if (err)
		*err = why;
	return -EIO;
}

static int flush(struct skep_sink *sink, bool is_last, struct skep_error *err)
{
	struct otlp_sink *o = sink->state;
	int64_t deadline = skep_http_deadline();

	if (o->batch.records && (is_last || skep_http_batch_is_due(&o->batch, &o->limits)))
		send_batch(o);
	if (o->points && !is_last && skep_clock_now(CLOCK_MONOTONIC) >= o->next)
		send_points(o);
	if (o->points && !is_last)
		skep_http_drive(o->points);
	if (o->logs && is_last)
		skep_http_finish(o->logs, deadline);
	else if (o->logs)
		skep_http_drive(o->logs);
	return o->points && is_last ? finish_points(sink, deadline, err) : 0;
}

static struct skep_http *open_client(struct skep_sink *sink, const char *url, const char *path,
				     skep_http_answered_fn answered, struct skep_error *err)
{
	const struct skep_http_kind kind = { .path = path,
					     .content_type = "application/x-protobuf",
					     .token_variable = "SKEP_OTLP_TOKEN",
					     .answered = answered,
					     .ctx = sink };
	struct otlp_sink *o = sink->state;

	return skep_http_open_sink(sink, url, &kind, &o->limits, err);
}

/* Metrics that are described are to be sent, unless it is said otherwise. */
static bool describes_metrics(const struct skep_sink *sink)
{
	return skep_sink_setting(sink, "count") || skep_sink_setting(sink, "gauge") ||
	       skep_sink_setting(sink, "histogram") || skep_sink_setting(sink, "config");
}

static int open_clients(struct skep_sink *sink, const char *url, int signals,
			struct skep_error *err)
{
	struct otlp_sink *o = sink->state;

	if (signals != 1)
		o->logs = open_client(sink, url, "/v1/logs", logs_answered, err);
	if (signals != 1 && !o->logs)
		return -EINVAL;
	if (signals != 0)
		o->points = open_client(sink, url, "/v1/metrics", points_answered, err);
	return signals != 0 && !o->points ? -EINVAL : 0;
}

static int open_sink(struct skep_sink *sink, const char *url, struct skep_error *err)
{
	static const char *const signals[] = { "logs", "metrics", "both", NULL };
	const char *service = skep_sink_setting(sink, "service") ?: "skep";
	struct otlp_sink *o = calloc(1, sizeof(*o));
	int severity = 2, signal = describes_metrics(sink) ? 2 : 0, ret;

	sink->state = o;
	if (!o || skep_otlp_init(&o->otlp, service))
		return skep_error_nomem(err, SKEP_STAGE_USAGE);
	o->otlp.has_body = true;
	o->start = skep_clock_now(CLOCK_REALTIME);
	o->interval = 10 * SECOND;
	ret = skep_sink_choice(sink, "severity", severities, &severity, err)   ?:
		      skep_sink_choice(sink, "signals", signals, &signal, err) ?:
		      skep_sink_flag(sink, "body", &o->otlp.has_body, err)     ?:
		      skep_sink_duration(sink, "interval", SECOND / 10, 3600 * SECOND, &o->interval, err) ?:
		      skep_metrics_read_settings(&o->metrics, sink, err);
	if (ret)
		return ret;
	o->otlp.severity = 1 + 4 * severity;
	o->otlp.severity_text = severities[severity];
	o->next = skep_clock_now(CLOCK_MONOTONIC) + o->interval;
	return open_clients(sink, url, signal, err);
}

static void close_sink(struct skep_sink *sink)
{
	struct otlp_sink *o = sink->state;

	if (!o)
		return;
	skep_http_close(o->logs);
	skep_http_close(o->points);
	skep_metrics_free(&o->metrics);
	skep_text_free(&o->batch.items);
	skep_otlp_free(&o->otlp);
	free(o);
}

static const struct skep_sink_option options[] = {
	{ "signals", "logs|metrics|both", "what is sent (logs; both if metrics are described)" },
	{ "service", "NAME", "service.name of what is sent (skep)" },
	{ "severity", "NAME", "info (default), trace, debug, warn, error, fatal" },
	{ "body", "yes|no", "a line to read beside the attributes (yes)" },
	{ "interval", "DURATION", "between metrics (10s)" },
	SKEP_METRICS_OPTIONS,
	SKEP_HTTP_OPTIONS,
};

const struct skep_sink_type skep_sink_otlp = {
	.name = "otlp",
	.target = "URL",
	.summary = "logs and metrics for a collector of OpenTelemetry",
	.may_wait = true,
	.options = options,
	.open = open_sink,
	.write = write_record,
	.flush = flush,
	.close = close_sink,
	.missed = missed,
};
