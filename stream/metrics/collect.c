// SPDX-License-Identifier: MIT
/* Records into metrics. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "stream/metrics/resolve.h"

#define OTHER "other"

static struct skep_metrics_source *find_source(struct skep_metrics *m,
					       const struct skep_source *source)
{
	struct skep_metrics_source *found;

	while (m->sources.len <= source->index)
		if (!skep_vec_push(&m->sources))
			return NULL;
	found = &m->sources.items[source->index];
	if (!found->name) {
		struct skep_text name = { 0 };

		skep_text_escaped(&name, source->name, strlen(source->name));
		skep_text_string(&name);
		if (name.failed)
			skep_text_free(&name);
		found->name = name.data;
	}
	return found->name ? found : NULL;
}

/* Long values are cut, at a character's begin. */
static void write_text_label(struct skep_text *key, const char *data, size_t len)
{
	size_t kept = len;

	if (kept > SKEP_METRICS_LABEL_SIZE)
		for (kept = SKEP_METRICS_LABEL_SIZE; kept && (data[kept] & 0xc0) == 0x80;)
			kept--;
	skep_text_escaped(key, data, kept);
	if (kept < len)
		skep_text_lit(key, "...");
}

static void write_label(struct skep_text *key, const struct skep_value *value)
{
	switch (value->kind) {
	case SKEP_VALUE_UNSIGNED:
		skep_text_u64(key, value->u);
		break;
	case SKEP_VALUE_SIGNED:
		skep_text_i64(key, value->i);
		break;
	case SKEP_VALUE_DOUBLE:
		skep_text_printf(key, "%.17g", value->d);
		break;
	case SKEP_VALUE_BOOL:
		skep_text_str(key, value->b ? "true" : "false");
		break;
	case SKEP_VALUE_TEXT:
		write_text_label(key, value->text.data, value->text.len);
		break;
	default:
		break;
	}
	skep_text_char(key, '\0');
}

static struct skep_metric_set *new_set(struct skep_metric *metric, const char *key, size_t len)
{
	struct skep_metric_set *set = calloc(1, sizeof(*set) + len), **slot;
	bool is_new;
	uintptr_t *place;

	if (!set)
		return NULL;
	set->len = len;
	memcpy(set->values, key, len);
	if (metric->kind == SKEP_METRIC_HISTOGRAM)
		set->buckets = calloc(metric->bounds.len + 1, sizeof(*set->buckets));
	if ((metric->kind != SKEP_METRIC_HISTOGRAM || set->buckets) &&
	    !skep_vec_reserve(&metric->sets, 1)) {
		place = skep_hash_put(&metric->index, set->values, len, &is_new);
		slot = place ? skep_vec_push(&metric->sets) : NULL;
		if (slot) {
			*place = (uintptr_t)set;
			*slot = set;
			return set;
		}
	}
	free(set->buckets);
	free(set);
	return NULL;
}

static struct skep_metric_set *find_set(const struct skep_metric *metric,
					const struct skep_text *key)
{
	uintptr_t *place = skep_hash_get(&metric->index, key->data, key->len);

	return place ? (struct skep_metric_set *)*place : NULL;
}

/* The set of the labels in m->key; that of the others when there is none and no more may be. */
static struct skep_metric_set *set_of(struct skep_metrics *m, struct skep_metric *metric)
{
	struct skep_metric_set *set = find_set(metric, &m->key);

	if (!set && metric->sets.len >= m->max_sets) {
		metric->n_other++;
		skep_text_reset(&m->key);
		for (size_t i = 0; i < metric->labels.len; i++)
			skep_text_bytes(&m->key, OTHER, sizeof(OTHER));
		skep_text_char(&m->key, '\0');
		set = m->key.failed ? NULL : find_set(metric, &m->key);
	}
	return set || m->key.failed ? set : new_set(metric, m->key.data, m->key.len);
}

static double number_of(const struct skep_value *value)
{
	switch (value->kind) {
	case SKEP_VALUE_UNSIGNED:
		return (double)value->u;
	case SKEP_VALUE_SIGNED:
		return (double)value->i;
	case SKEP_VALUE_DOUBLE:
		return value->d;
	case SKEP_VALUE_BOOL:
		return value->b;
	default:
		return NAN;
	}
}

/* The first bucket whose bound is not less. */
static size_t bucket_of(const struct skep_metric *metric, double number)
{
	size_t low = 0, high = metric->bounds.len;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (metric->bounds.items[middle] < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* A counter never goes down, and a sum that is no number would stay so. */
static bool is_useful(const struct skep_metric *metric, double number)
{
	if (metric->kind == SKEP_METRIC_COUNTER)
		return number >= 0 && isfinite(number);
	return isfinite(number);
}

static int record(struct skep_metrics *m, const struct skep_metric_use *use,
		  const struct skep_source *source, const void *data, size_t len)
{
	struct skep_metric *metric = use->metric;
	struct skep_metric_set *set;
	struct skep_value value;
	double number = 1;

	if (metric->column) {
		skep_record_value(source->schema, use->column, data, len, &m->scratch, &value);
		if (value.kind == SKEP_VALUE_TEXT)
			skep_record_number(source->schema, use->column, data, len, &value);
		number = number_of(&value) * metric->scale;
	}
	if (!is_useful(metric, number)) {
		metric->n_skipped++;
		return 0;
	}
	skep_text_reset(&m->key);
	for (size_t i = 0; i < metric->labels.len; i++) {
		skep_record_value(source->schema, use->labels[i], data, len, &m->scratch, &value);
		write_label(&m->key, &value);
		skep_text_reset(&m->scratch);
	}
	/* A metric without labels has a key too. */
	skep_text_char(&m->key, '\0');
	set = m->key.failed ? NULL : set_of(m, metric);
	if (!set)
		return -ENOMEM;
	set->value = metric->kind == SKEP_METRIC_GAUGE ? number : set->value + number;
	set->count++;
	if (set->buckets)
		set->buckets[bucket_of(metric, number)]++;
	return 0;
}

int skep_metrics_record(struct skep_metrics *m, const struct skep_source *source, const void *data,
			size_t len, struct skep_error *err)
{
	struct skep_metrics_source *s = find_source(m, source);
	int ret = 0;

	if (!s)
		return skep_error_nomem(err, SKEP_STAGE_DELIVER);
	if (!s->is_resolved && source->schema)
		ret = skep_metrics_resolve(m, source, s, err);
	if (!ret && !s->uses.len && source->schema)
		ret = skep_metrics_nothing_fits(m, source, err);
	if (ret)
		return ret;
	s->records++;
	skep_vec_for_each(&s->uses, use) {
		ret = record(m, use, source, data, len);
		if (ret)
			return skep_error_nomem(err, SKEP_STAGE_DELIVER);
	}
	return 0;
}

int skep_metrics_missed(struct skep_metrics *m, const struct skep_source *source, uint64_t n)
{
	struct skep_metrics_source *s = find_source(m, source);

	if (!s)
		return -ENOMEM;
	s->missed += n;
	return 0;
}
