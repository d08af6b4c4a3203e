// SPDX-License-Identifier: MIT
/* Metrics as they may be: names, labels, bounds. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "stream/metrics/metrics.h"

/* Those that are always there; see expose.c. */
static const char *const own_names[] = {
	"skep_records_total",	   "skep_records_missed_total", "skep_output_lost_total",
	"skep_metric_other_total", "skep_metric_skipped_total",
};

static bool is_letter(char c, bool colon_too)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       (c == ':' && colon_too);
}

/* What Prometheus does not take becomes "_". Allocated; frees @name. */
static char *valid_name(char *name, bool colon_too, const char *end)
{
	char *valid = malloc(strlen(name) + strlen(end) + 2), *out = valid;

	if (valid) {
		if (!is_letter(name[0], colon_too) && name[0] >= '0' && name[0] <= '9')
			*out++ = '_';
		for (const char *c = name; *c; c++)
			*out++ = is_letter(*c, colon_too) || (*c >= '0' && *c <= '9') ? *c : '_';
		memcpy(out, end, strlen(end) + 1);
	}
	free(name);
	return valid;
}

static bool ends_with(const char *name, const char *end)
{
	size_t len = strlen(name), end_len = strlen(end);

	return len >= end_len && !strcmp(name + len - end_len, end);
}

/* A counter's samples end in _total, which OpenMetrics insists on. */
static int mend_names(struct skep_metric *metric, struct skep_error *err)
{
	bool is_counter = metric->kind == SKEP_METRIC_COUNTER;

	if (!metric->name)
		return skep_error_nomem(err, SKEP_STAGE_USAGE);
	metric->name = valid_name(metric->name, true,
				  is_counter && !ends_with(metric->name, "_total") ? "_total" : "");
	if (!metric->name)
		return skep_error_nomem(err, SKEP_STAGE_USAGE);
	skep_vec_for_each(&metric->labels, label) {
		label->name = valid_name(label->name, false, "");
		if (!label->name)
			return skep_error_nomem(err, SKEP_STAGE_USAGE);
	}
	return 0;
}

static int refuse(const struct skep_metric *metric, int code, const char *cause, const char *word,
		  struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_USAGE, code, cause, word);
	skep_error_add_what(err, "metric '%s'", metric->name);
	return -code;
}

static int check_labels(struct skep_metric *metric, struct skep_error *err)
{
	if (metric->labels.len > SKEP_METRICS_LABELS)
		return refuse(metric, E2BIG, "a metric has at most 16 labels", "", err);
	for (size_t i = 0; i < metric->labels.len; i++) {
		const char *name = metric->labels.items[i].name;

		if (!strncmp(name, "__", 2))
			return refuse(metric, EINVAL,
				      "label '%s' begins with two underlines, as only "
				      "Prometheus' own do",
				      name, err);
		if (metric->kind == SKEP_METRIC_HISTOGRAM && !strcmp(name, "le"))
			return refuse(metric, EINVAL,
				      "label '%s' is that of a histogram's buckets; give it "
				      "another name: LABEL=COLUMN",
				      name, err);
		for (size_t j = 0; j < i; j++)
			if (!strcmp(metric->labels.items[j].name, name))
				return refuse(metric, EEXIST, "it has label '%s' twice", name, err);
	}
	return 0;
}

static int check_bounds(struct skep_metric *metric, struct skep_error *err)
{
	const double *bounds = metric->bounds.items;

	if (metric->bounds.len > SKEP_METRICS_BOUNDS)
		return refuse(metric, E2BIG, "a histogram has at most 128 buckets", "", err);
	for (size_t i = 1; i < metric->bounds.len; i++)
		if (!(bounds[i - 1] < bounds[i]))
			return refuse(metric, EINVAL, "the bounds of its buckets do not ascend", "",
				      err);
	return 0;
}

static int check(struct skep_metric *metric, struct skep_error *err)
{
	bool is_histogram = metric->kind == SKEP_METRIC_HISTOGRAM;

	if (metric->kind != SKEP_METRIC_COUNTER && !metric->column)
		return refuse(metric, EINVAL,
			      "it is a %s and needs the column of its value: of "
			      "COLUMN",
			      is_histogram ? "histogram" : "gauge", err);
	if (!is_histogram && metric->bounds.len)
		return refuse(metric, EINVAL, "only a histogram has buckets", "", err);
	if (!(metric->scale > 0) || !isfinite(metric->scale))
		return refuse(metric, EINVAL, "its scale is no number above 0", "", err);
	return check_labels(metric, err) ?: check_bounds(metric, err);
}

/* Names of samples: a histogram's are its own with these at their ends. */
static bool clashes(const struct skep_metric *a, const char *name)
{
	size_t len = strlen(a->name);

	if (!strcmp(a->name, name))
		return true;
	return a->kind == SKEP_METRIC_HISTOGRAM && !strncmp(a->name, name, len) &&
	       (!strcmp(name + len, "_bucket") || !strcmp(name + len, "_sum") ||
		!strcmp(name + len, "_count"));
}

static bool is_taken(struct skep_metrics *m, const struct skep_metric *metric)
{
	for (size_t i = 0; i < sizeof(own_names) / sizeof(own_names[0]); i++)
		if (clashes(metric, own_names[i]))
			return true;
	skep_vec_for_each(&m->items, other) {
		if (clashes(other, metric->name) || clashes(metric, other->name))
			return true;
	}
	return false;
}

static int add_log2_bounds(struct skep_metric *metric)
{
	for (int i = metric->log2_from; i <= metric->log2_to; i++) {
		double *bound = skep_vec_push(&metric->bounds);

		if (!bound)
			return -ENOMEM;
		*bound = ldexp(1, i) * metric->scale;
	}
	return 0;
}

int skep_metrics_add(struct skep_metrics *m, struct skep_metric *metric, struct skep_error *err)
{
	struct skep_metric *slot;
	int ret = mend_names(metric, err);

	if (!ret && m->items.len >= SKEP_METRICS_MAX)
		ret = refuse(metric, E2BIG, "there are 256 metrics already", "", err);
	if (!ret)
		ret = check(metric, err);
	if (!ret && metric->kind == SKEP_METRIC_HISTOGRAM && !metric->bounds.len &&
	    add_log2_bounds(metric))
		ret = skep_error_nomem(err, SKEP_STAGE_USAGE);
	if (!ret && is_taken(m, metric))
		ret = refuse(metric, EEXIST, "there is a metric of this name already", "", err);
	slot = ret ? NULL : skep_vec_push(&m->items);
	if (!slot) {
		skep_metric_free(metric);
		return ret ?: skep_error_nomem(err, SKEP_STAGE_USAGE);
	}
	*slot = *metric;
	return 0;
}

void skep_metric_free(struct skep_metric *metric)
{
	skep_vec_for_each(&metric->labels, label) {
		free(label->name);
		free(label->column);
	}
	skep_vec_for_each(&metric->sets, set) {
		free((*set)->buckets);
		free(*set);
	}
	skep_vec_free(&metric->labels);
	skep_vec_free(&metric->bounds);
	skep_vec_free(&metric->sets);
	skep_hash_free(&metric->index);
	free(metric->name);
	free(metric->help);
	free(metric->source);
	free(metric->column);
	free(metric->unusable);
}

void skep_metrics_free(struct skep_metrics *m)
{
	skep_vec_for_each(&m->items, metric) {
		skep_metric_free(metric);
	}
	skep_vec_for_each(&m->sources, source) {
		skep_vec_free(&source->uses);
		free(source->name);
	}
	skep_vec_free(&m->items);
	skep_vec_free(&m->sources);
	skep_text_free(&m->key);
	skep_text_free(&m->scratch);
}
