// SPDX-License-Identifier: MIT
/*
 * Metrics as text: https://prometheus.io/docs/instrumenting/exposition_formats/ and OpenMetrics
 * 1.0.0. The two differ in the name of a counter's family, in escapes and in the end.
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "stream/metrics/metrics.h"

struct writer {
	struct skep_text *out;
	bool is_open_metrics;
};

static void write_escaped(struct skep_text *out, const char *s, bool quotes_too)
{
	for (; *s; s++) {
		if (*s == '\n') {
			skep_text_lit(out, "\\n");
			continue;
		}
		if (*s == '\\' || (*s == '"' && quotes_too))
			skep_text_char(out, '\\');
		skep_text_char(out, *s);
	}
}

/* Whole numbers as such, others with as many digits as tell them from all others. */
static void write_number(struct skep_text *out, double number)
{
	char text[40];

	if (number == floor(number) && fabs(number) < 9007199254740992.0) {
		skep_text_i64(out, (int64_t)number);
		return;
	}
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, number);
		if (strtod(text, NULL) == number)
			break;
	}
	skep_text_str(out, text);
}

/* The same text in both formats, or a series would have two names: "1.0", as OpenMetrics has it. */
static void write_bound(struct skep_text *out, double bound)
{
	size_t start = out->len;

	write_number(out, bound);
	if (!out->failed && !memchr(out->data + start, '.', out->len - start) &&
	    !memchr(out->data + start, 'e', out->len - start))
		skep_text_lit(out, ".0");
}

static void write_family(struct writer *w, const char *name, const char *type, const char *help)
{
	bool is_counter = !strcmp(type, "counter");
	size_t len = strlen(name);

	/* Without its _total. */
	if (w->is_open_metrics && is_counter)
		len -= strlen("_total");
	skep_text_printf(w->out, "# HELP %.*s ", (int)len, name);
	write_escaped(w->out, help, w->is_open_metrics);
	skep_text_printf(w->out, "\n# TYPE %.*s %s\n", (int)len, name, type);
}

static void write_label(struct skep_text *out, const char *name, const char *value, bool *is_first)
{
	skep_text_char(out, *is_first ? '{' : ',');
	skep_text_str(out, name);
	skep_text_lit(out, "=\"");
	write_escaped(out, value, true);
	skep_text_char(out, '"');
	*is_first = false;
}

/* "NAME_end{...,le="..."}" and a blank; @bound NULL: no bucket. */
static void write_series(struct skep_text *out, const struct skep_metric *metric,
			 const struct skep_metric_set *set, const char *end, const double *bound)
{
	const char *value = set->values;
	bool is_first = true;

	skep_text_str(out, metric->name);
	skep_text_str(out, end);
	skep_vec_for_each(&((struct skep_metric *)metric)->labels, label) {
		write_label(out, label->name, value, &is_first);
		value += strlen(value) + 1;
	}
	if (bound) {
		skep_text_str(out, is_first ? "{le=\"" : ",le=\"");
		if (isinf(*bound))
			skep_text_lit(out, "+Inf");
		else
			write_bound(out, *bound);
		skep_text_char(out, '"');
		is_first = false;
	}
	skep_text_str(out, is_first ? " " : "} ");
}

static void write_histogram(struct skep_text *out, const struct skep_metric *metric,
			    const struct skep_metric_set *set)
{
	static const double infinity = INFINITY;
	uint64_t sum = 0;

	for (size_t i = 0; i <= metric->bounds.len; i++) {
		sum += set->buckets[i];
		write_series(out, metric, set, "_bucket",
			     i < metric->bounds.len ? &metric->bounds.items[i] : &infinity);
		skep_text_u64(out, sum);
		skep_text_char(out, '\n');
	}
	write_series(out, metric, set, "_sum", NULL);
	write_number(out, set->value);
	skep_text_char(out, '\n');
	write_series(out, metric, set, "_count", NULL);
	skep_text_u64(out, set->count);
	skep_text_char(out, '\n');
}

static void write_metric(struct writer *w, const struct skep_metric *metric)
{
	static const char *const types[] = { "counter", "gauge", "histogram" };
	static const char *const helps[] = { "Counted from records.", "The last of its records.",
					     "Of the records' values." };

	write_family(w, metric->name, types[metric->kind], metric->help ?: helps[metric->kind]);
	for (size_t i = 0; i < metric->sets.len; i++) {
		const struct skep_metric_set *set = metric->sets.items[i];

		if (metric->kind == SKEP_METRIC_HISTOGRAM) {
			write_histogram(w->out, metric, set);
			continue;
		}
		write_series(w->out, metric, set, "", NULL);
		write_number(w->out, set->value);
		skep_text_char(w->out, '\n');
	}
}

static void write_own(struct writer *w, const char *name, const char *label, const char *value,
		      uint64_t number)
{
	bool is_first = true;

	skep_text_str(w->out, name);
	write_label(w->out, label, value, &is_first);
	skep_text_lit(w->out, "} ");
	skep_text_u64(w->out, number);
	skep_text_char(w->out, '\n');
}

static void write_sources(struct writer *w, struct skep_metrics *m)
{
	write_family(w, "skep_records_total", "counter", "Records that came to this output.");
	skep_vec_for_each(&m->sources, source) {
		if (source->name)
			write_own(w, "skep_records_total", "source", source->name, source->records);
	}
	write_family(w, "skep_records_missed_total", "counter",
		     "Records that were lost before they came to this output.");
	skep_vec_for_each(&m->sources, source) {
		if (source->name)
			write_own(w, "skep_records_missed_total", "source", source->name,
				  source->missed);
	}
}

/* Of all outputs from here on that are called so. */
static uint64_t losses_of(const struct skep_sink_losses *output, const char *spec)
{
	uint64_t lost = 0;

	for (; output; output = output->next)
		if (!strcmp(output->spec, spec))
			lost += __atomic_load_n(&output->lost, __ATOMIC_RELAXED);
	return lost;
}

static bool was_written(const struct skep_sink_losses *all, const struct skep_sink_losses *output)
{
	for (; all != output; all = all->next)
		if (!strcmp(all->spec, output->spec))
			return true;
	return false;
}

/* Several outputs of one name are one series. */
static void write_outputs(struct writer *w, struct skep_metrics *m)
{
	const struct skep_sink_losses *all = __atomic_load_n(m->run, __ATOMIC_ACQUIRE);
	struct skep_text spec = { 0 };

	write_family(w, "skep_output_lost_total", "counter",
		     "Records that an output failed to deliver or was too slow for.");
	for (const struct skep_sink_losses *output = all; output; output = output->next) {
		if (was_written(all, output))
			continue;
		skep_text_reset(&spec);
		skep_text_escaped(&spec, output->spec, strlen(output->spec));
		write_own(w, "skep_output_lost_total", "output", skep_text_string(&spec),
			  losses_of(output, output->spec));
	}
	skep_text_free(&spec);
}

static void write_limits(struct writer *w, struct skep_metrics *m)
{
	write_family(w, "skep_metric_other_total", "counter",
		     "Records that went into the set of others: there were too many sets.");
	skep_vec_for_each(&m->items, metric) {
		write_own(w, "skep_metric_other_total", "metric", metric->name, metric->n_other);
	}
	write_family(w, "skep_metric_skipped_total", "counter",
		     "Records without a number that the metric can take.");
	skep_vec_for_each(&m->items, metric) {
		write_own(w, "skep_metric_skipped_total", "metric", metric->name,
			  metric->n_skipped);
	}
}

void skep_metrics_write(struct skep_metrics *m, bool is_open_metrics, struct skep_text *out)
{
	struct writer w = { out, is_open_metrics };

	skep_vec_for_each(&m->items, metric) {
		write_metric(&w, metric);
	}
	write_sources(&w, m);
	if (m->run)
		write_outputs(&w, m);
	if (m->items.len)
		write_limits(&w, m);
	if (is_open_metrics)
		skep_text_lit(out, "# EOF\n");
}
