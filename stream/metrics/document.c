// SPDX-License-Identifier: MIT
/*
 * Metrics from a file of YAML, of which JSON is a part:
 *
 *	metrics:
 *	  - name: latency_seconds
 *	    type: histogram
 *	    help: How long it took.
 *	    source: events
 *	    value: duration
 *	    scale: 1e-9
 *	    labels: [comm, {name: user, from: uid}]
 *	    buckets: [0.001, 0.01, 0.1, 1]
 *
 * What eunomia-exporter is configured by has programs[].metrics.counters[] of such metrics, with
 * `description` for `help`.
 *
 * Nodes are looked at as deep as a description goes, wherever aliases may lead.
 */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "stream/metrics/file.h"

struct reader {
	struct skep_metrics *metrics;
	yaml_document_t *doc;
	const char *source;
	struct skep_error *err;
};

static int refuse(struct reader *r, const yaml_node_t *node, const char *cause, const char *word)
{
	skep_error_set(r->err, SKEP_STAGE_USAGE, EINVAL, cause, word);
	skep_error_add_source(r->err, "%s:%zu:%zu", r->source, node->start_mark.line + 1,
			      node->start_mark.column + 1);
	return -EINVAL;
}

/* A scalar's text; NULL: it is none. */
static const char *text_of(const yaml_node_t *node)
{
	const char *text = node && node->type == YAML_SCALAR_NODE ?
				   (const char *)node->data.scalar.value :
				   NULL;

	return text && strlen(text) == node->data.scalar.length ? text : NULL;
}

static yaml_node_t *get(struct reader *r, const yaml_node_t *map, const char *key)
{
	if (!map || map->type != YAML_MAPPING_NODE)
		return NULL;
	for (const yaml_node_pair_t *p = map->data.mapping.pairs.start;
	     p < map->data.mapping.pairs.top; p++) {
		const char *name = text_of(yaml_document_get_node(r->doc, p->key));

		if (name && !strcmp(name, key))
			return yaml_document_get_node(r->doc, p->value);
	}
	return NULL;
}

/* Calls @take for each element of the list @list. */
static int for_each(struct reader *r, yaml_node_t *list,
		    int (*take)(struct reader *, yaml_node_t *, void *), void *arg)
{
	int ret = 0;

	if (list->type != YAML_SEQUENCE_NODE)
		return refuse(r, list, "this is no list", "");
	for (yaml_node_item_t *i = list->data.sequence.items.start;
	     i < list->data.sequence.items.top && !ret; i++)
		ret = take(r, yaml_document_get_node(r->doc, *i), arg);
	return ret;
}

static int copy_text(struct reader *r, const yaml_node_t *node, char **out)
{
	const char *text = text_of(node);

	if (!text || !*text)
		return refuse(r, node, "this is no text", "");
	*out = strdup(text);
	return *out ? 0 : skep_error_nomem(r->err, SKEP_STAGE_USAGE);
}

static int read_number(struct reader *r, const yaml_node_t *node, double *number)
{
	const char *text = text_of(node);
	char *end = NULL;

	if (text)
		*number = strtod(text, &end);
	if (!text || end == text || *end)
		return refuse(r, node, "this is no number", "");
	return 0;
}

/* "comm", or {name: user, from: uid}. */
static int take_label(struct reader *r, yaml_node_t *node, void *arg)
{
	struct skep_metric *metric = arg;
	struct skep_metric_label *label;
	const yaml_node_t *name = node, *from = node;

	if (metric->labels.len >= SKEP_METRICS_LABELS)
		return refuse(r, node, "a metric has at most 16 labels", "");
	if (node->type == YAML_MAPPING_NODE) {
		name = get(r, node, "name");
		from = get(r, node, "from") ?: name;
		if (!name)
			return refuse(r, node, "this label has no name", "");
	}
	label = skep_vec_push(&metric->labels);
	if (!label)
		return skep_error_nomem(r->err, SKEP_STAGE_USAGE);
	return copy_text(r, name, &label->name) ?: copy_text(r, from, &label->column);
}

static int take_bound(struct reader *r, yaml_node_t *node, void *arg)
{
	struct skep_metric *metric = arg;
	double *bound =
		metric->bounds.len < SKEP_METRICS_BOUNDS ? skep_vec_push(&metric->bounds) : NULL;

	if (!bound)
		return refuse(r, node, "a histogram has at most 128 buckets", "");
	return read_number(r, node, bound);
}

static int take_buckets(struct reader *r, yaml_node_t *node, struct skep_metric *metric)
{
	const char *text = text_of(node);

	if (text && !strcmp(text, "log2"))
		return 0;
	return text ? refuse(r, node, "buckets are log2 or a list, and not '%s'", text) :
		      for_each(r, node, take_bound, metric);
}

static int take_type(struct reader *r, const yaml_node_t *node, struct skep_metric *metric)
{
	static const char *const types[] = { "counter", "gauge", "histogram" };
	const char *text = text_of(node) ?: "";

	for (int i = 0; i < 3; i++) {
		if (!strcmp(types[i], text)) {
			metric->kind = (enum skep_metric_kind)i;
			return 0;
		}
	}
	return refuse(r, node, "type is counter, gauge or histogram, and not '%s'", text);
}

static int take_member(struct reader *r, const yaml_node_t *key, yaml_node_t *value,
		       struct skep_metric *metric)
{
	const struct {
		const char *name;
		char **text;
	} texts[] = { { "name", &metric->name },
		      { "help", &metric->help },
		      { "description", &metric->help },
		      { "source", &metric->source },
		      { "value", &metric->column } };
	const char *name = text_of(key) ?: "";

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (strcmp(name, texts[i].name) != 0)
			continue;
		if (*texts[i].text)
			return refuse(r, key, "'%s' was given before", name);
		return copy_text(r, value, texts[i].text);
	}
	if (!strcmp(name, "type"))
		return take_type(r, value, metric);
	if (!strcmp(name, "labels"))
		return for_each(r, value, take_label, metric);
	if (!strcmp(name, "scale"))
		return read_number(r, value, &metric->scale);
	if (!strcmp(name, "buckets"))
		return take_buckets(r, value, metric);
	return refuse(r, key,
		      "a metric has no '%s'; it has name, type, help, source, value, scale, "
		      "labels and buckets",
		      name);
}

/* @arg: not NULL, the metric is one of several programs'. */
static int take_metric(struct reader *r, yaml_node_t *node, void *arg)
{
	struct skep_metric metric = skep_metric_new(SKEP_METRIC_COUNTER);
	int ret = 0;

	metric.is_optional = arg != NULL;
	if (node->type != YAML_MAPPING_NODE)
		return refuse(r, node, "this is no metric: it has no name", "");
	for (yaml_node_pair_t *p = node->data.mapping.pairs.start;
	     p < node->data.mapping.pairs.top && !ret; p++)
		ret = take_member(r, yaml_document_get_node(r->doc, p->key),
				  yaml_document_get_node(r->doc, p->value), &metric);
	if (!ret && !metric.name)
		ret = refuse(r, node, "this metric has no name", "");
	if (ret) {
		skep_metric_free(&metric);
		return ret;
	}
	ret = skep_metrics_add(r->metrics, &metric, r->err);
	if (ret)
		skep_error_add_source(r->err, "%s:%zu:%zu", r->source, node->start_mark.line + 1,
				      node->start_mark.column + 1);
	return ret;
}

/*
 * Of eunomia-exporter's: the rest of it says what to load. Where there are several programs, not
 * all of their metrics can be made from the records of one; @arg says so.
 */
static int take_program(struct reader *r, yaml_node_t *node, void *arg)
{
	yaml_node_t *counters = get(r, get(r, node, "metrics"), "counters");

	return counters ? for_each(r, counters, take_metric, arg) : 0;
}

static int take_all(struct reader *r)
{
	yaml_node_t *root = yaml_document_get_root_node(r->doc);
	yaml_node_t *metrics = get(r, root, "metrics"), *programs = get(r, root, "programs");
	bool several;
	int ret;

	if (!metrics && !programs) {
		skep_error_set(r->err, SKEP_STAGE_USAGE, EINVAL,
			       "it describes no metrics: it has neither 'metrics' nor 'programs'");
		skep_error_add_object(r->err, "%s", r->source);
		return -EINVAL;
	}
	ret = metrics ? for_each(r, metrics, take_metric, NULL) : 0;
	if (ret || !programs)
		return ret;
	several = programs->type == YAML_SEQUENCE_NODE &&
		  programs->data.sequence.items.top - programs->data.sequence.items.start > 1;
	return for_each(r, programs, take_program, several ? programs : NULL);
}

int skep_metrics_take_document(struct skep_metrics *m, yaml_document_t *doc, const char *source,
			       struct skep_error *err)
{
	struct reader r = { .metrics = m, .doc = doc, .source = source, .err = err };

	return take_all(&r);
}
