// SPDX-License-Identifier: MIT
#include "stream/net/otlp_metrics.h"

#define CUMULATIVE 2

/* Metric's field of each kind: Sum, Gauge, Histogram. */
static const uint32_t data_fields[] = { 7, 5, 9 };

struct span {
	int64_t start, now;
};

static void write_times(struct skep_text *out, const struct span *span)
{
	skep_pb_fixed64(out, 2, (uint64_t)span->start);
	skep_pb_fixed64(out, 3, (uint64_t)span->now);
}

static void write_name(struct skep_text *out, const char *name, const char *help)
{
	static const char total[] = "_total";
	size_t len = strlen(name), end = sizeof(total) - 1;

	/* A suffix of Prometheus, which collectors add for it. */
	if (len > end && !strcmp(name + len - end, total))
		len -= end;
	skep_pb_string(out, 1, name, len);
	skep_pb_string(out, 2, help, strlen(help));
}

static void write_labels(const struct skep_metric *metric, const struct skep_metric_set *set,
			 uint32_t field, struct skep_text *out)
{
	const char *value = set->values;

	for (size_t i = 0; i < metric->labels.len; i++) {
		skep_otlp_attribute(out, field, metric->labels.items[i].name, value);
		value += strlen(value) + 1;
	}
}

/* NumberDataPoint. Counts of records are integers, sums of values are not. */
static void write_number(const struct skep_metric *metric, const struct skep_metric_set *set,
			 const struct span *span, struct skep_text *out)
{
	size_t point = skep_pb_begin(out, 1);

	write_times(out, span);
	if (metric->column)
		skep_pb_double(out, 4, set->value);
	else
		skep_pb_fixed64(out, 6, (uint64_t)set->value);
	write_labels(metric, set, 7, out);
	skep_pb_end(out, point);
}

/* HistogramDataPoint */
static void write_histogram(const struct skep_metric *metric, const struct skep_metric_set *set,
			    const struct span *span, struct skep_text *out)
{
	size_t point = skep_pb_begin(out, 1), n = metric->bounds.len;

	write_times(out, span);
	skep_pb_fixed64(out, 4, set->count);
	skep_pb_double(out, 5, set->value);
	skep_pb_head(out, 6, 8 * (n + 1));
	for (size_t i = 0; i <= n; i++)
		skep_pb_raw64(out, set->buckets[i]);
	skep_pb_head(out, 7, 8 * n);
	for (size_t i = 0; i < n; i++)
		skep_pb_raw_double(out, metric->bounds.items[i]);
	write_labels(metric, set, 9, out);
	skep_pb_end(out, point);
}

static void write_metric(const struct skep_metric *metric, const struct span *span,
			 struct skep_text *out)
{
	size_t message = skep_pb_begin(out, 2), data;

	write_name(out, metric->name, metric->help ? metric->help : "");
	data = skep_pb_begin(out, data_fields[metric->kind]);
	for (size_t i = 0; i < metric->sets.len; i++) {
		if (metric->kind == SKEP_METRIC_HISTOGRAM)
			write_histogram(metric, metric->sets.items[i], span, out);
		else
			write_number(metric, metric->sets.items[i], span, out);
	}
	if (metric->kind != SKEP_METRIC_GAUGE)
		skep_pb_varint(out, 2, CUMULATIVE);
	if (metric->kind == SKEP_METRIC_COUNTER)
		skep_pb_varint(out, 3, true);
	skep_pb_end(out, data);
	skep_pb_end(out, message);
}

/* Of each source, what came or what was missed. */
static void write_sources(struct skep_metrics *m, bool is_missed, const struct span *span,
			  struct skep_text *out)
{
	size_t message = skep_pb_begin(out, 2), sum, point;

	if (is_missed)
		write_name(out, "skep_records_missed",
			   "Records that were lost before they came to this output.");
	else
		write_name(out, "skep_records", "Records that came to this output.");
	sum = skep_pb_begin(out, 7);
	skep_vec_for_each(&m->sources, source) {
		if (!source->name)
			continue;
		point = skep_pb_begin(out, 1);
		write_times(out, span);
		skep_pb_fixed64(out, 6, is_missed ? source->missed : source->records);
		skep_otlp_attribute(out, 7, "source", source->name);
		skep_pb_end(out, point);
	}
	skep_pb_varint(out, 2, CUMULATIVE);
	skep_pb_varint(out, 3, true);
	skep_pb_end(out, sum);
	skep_pb_end(out, message);
}

void skep_otlp_write_metrics(struct skep_metrics *m, int64_t start, int64_t now,
			     struct skep_text *items)
{
	const struct span span = { start, now };

	skep_vec_for_each(&m->items, metric) {
		if (metric->sets.len)
			write_metric(metric, &span, items);
	}
	write_sources(m, false, &span, items);
	write_sources(m, true, &span, items);
}
