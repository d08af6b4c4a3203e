// SPDX-License-Identifier: MIT
/* Which metrics a source's records are for, and where in them the values are. */
#include "stream/metrics/resolve.h"

#include <errno.h>
#include <string.h>

#include "base/error.h"

static int no_column(const struct skep_metric *metric, const struct skep_source *source,
		     const char *column, struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_DELIVER, ENOENT, "records of '%s' have no column '%s'",
		       source->name, column);
	skep_error_add_what(err, "metric '%s'", metric->name);
	skep_error_add_hint(err, "--help of the program lists their columns");
	return -ENOENT;
}

/* Whether numbers stand behind a column's names, as they do in one record as in another. */
static bool has_numbers(const struct skep_schema *schema, size_t column)
{
	size_t size = skep_schema_size(schema);
	void *record = calloc(1, size ? size : 1);
	struct skep_value value;
	bool found = record && skep_record_number(schema, column, record, size, &value);

	free(record);
	return found;
}

static int find_value(const struct skep_metric *metric, const struct skep_source *source,
		      size_t *column, struct skep_error *err)
{
	int i = metric->column ? skep_schema_find_column(source->schema, metric->column) : 0;

	if (i < 0)
		return no_column(metric, source, metric->column, err);
	*column = (size_t)i;
	if (metric->column && skep_schema_column_kind(source->schema, *column) == SKEP_VALUE_TEXT &&
	    !has_numbers(source->schema, *column)) {
		skep_error_set(err, SKEP_STAGE_DELIVER, EINVAL,
			       "column '%s' of '%s' has text, and a number is needed",
			       metric->column, source->name);
		skep_error_add_what(err, "metric '%s'", metric->name);
		return -EINVAL;
	}
	return 0;
}

static int resolve(struct skep_metric *metric, const struct skep_source *source,
		   struct skep_metric_use *use, struct skep_error *err)
{
	int ret = find_value(metric, source, &use->column, err);

	use->metric = metric;
	for (size_t i = 0; i < metric->labels.len && !ret; i++) {
		const char *name = metric->labels.items[i].column;
		int column = skep_schema_find_column(source->schema, name);

		if (column < 0)
			return no_column(metric, source, name, err);
		use->labels[i] = (size_t)column;
	}
	return ret;
}

/* What a metric lacks is remembered: another source may have it, and at the end it is told. */
static void remember(struct skep_metric *metric, const struct skep_error *why)
{
	if (metric->unusable)
		return;
	metric->unusable = malloc(sizeof(*why));
	if (metric->unusable)
		*metric->unusable = *why;
}

static bool is_meant(const struct skep_metric *metric, const struct skep_source *source)
{
	return !metric->source || !strcmp(metric->source, source->name);
}

int skep_metrics_resolve(struct skep_metrics *m, const struct skep_source *source,
			 struct skep_metrics_source *s, struct skep_error *err)
{
	struct skep_error why = { 0 };

	s->is_resolved = true;
	skep_vec_for_each(&m->items, metric) {
		struct skep_metric_use use = { 0 }, *slot;

		if (!is_meant(metric, source))
			continue;
		if (resolve(metric, source, &use, &why)) {
			remember(metric, &why);
			continue;
		}
		slot = skep_vec_push(&s->uses);
		if (!slot)
			return skep_error_nomem(err, SKEP_STAGE_DELIVER);
		*slot = use;
		metric->is_used = true;
	}
	return 0;
}

int skep_metrics_nothing_fits(struct skep_metrics *m, const struct skep_source *source,
			      struct skep_error *err)
{
	skep_vec_for_each(&m->items, metric) {
		if (!is_meant(metric, source) || metric->is_used || !metric->unusable)
			continue;
		if (err)
			*err = *metric->unusable;
		return -metric->unusable->code;
	}
	return 0;
}

int skep_metrics_check_use(struct skep_metrics *m, struct skep_error *err)
{
	skep_vec_for_each(&m->items, metric) {
		if (metric->is_used || metric->is_optional || !metric->unusable)
			continue;
		if (err)
			*err = *metric->unusable;
		return -metric->unusable->code;
	}
	return 0;
}
