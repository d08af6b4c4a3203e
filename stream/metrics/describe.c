// SPDX-License-Identifier: MIT
/* A metric from the words of an option. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "stream/metrics/metrics.h"

#define BLANKS " \t"

struct words {
	char *at;   /* what is left */
	char *word; /* the next one; NULL: the end */
	struct skep_error *err;
};

static void step(struct words *w)
{
	w->at += strspn(w->at, BLANKS);
	w->word = *w->at ? w->at : NULL;
	w->at += strcspn(w->at, BLANKS);
	if (*w->at)
		*w->at++ = '\0';
}

static bool is_keyword(const char *word)
{
	static const char *const keywords[] = { "of", "by", "in", "scale", "buckets" };

	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++)
		if (!strcmp(word, keywords[i]))
			return true;
	return false;
}

static int wrong(struct words *w, const char *cause, const char *word)
{
	skep_error_set(w->err, SKEP_STAGE_USAGE, EINVAL, cause, word);
	skep_error_add_hint(w->err, "it is NAME [of COLUMN] [by [LABEL=]COLUMN...] [in SOURCE] "
				    "[scale FACTOR] [buckets BOUND...]");
	return -EINVAL;
}

/* The word behind a keyword. */
static int take_word(struct words *w, char **out)
{
	const char *keyword = w->word;

	step(w);
	if (!w->word || is_keyword(w->word))
		return wrong(w, "nothing follows the word '%s' of a metric", keyword);
	if (*out)
		return wrong(w, "the word '%s' of a metric is given twice", keyword);
	*out = strdup(w->word);
	if (!*out)
		return skep_error_nomem(w->err, SKEP_STAGE_USAGE);
	step(w);
	return 0;
}

static int take_labels(struct words *w, struct skep_metric *metric)
{
	size_t had = metric->labels.len;

	for (step(w); w->word && !is_keyword(w->word); step(w)) {
		struct skep_metric_label *label = skep_vec_push(&metric->labels);
		char *equals = strchr(w->word, '=');

		if (!label)
			return skep_error_nomem(w->err, SKEP_STAGE_USAGE);
		label->column = strdup(equals ? equals + 1 : w->word);
		label->name =
			equals ? strndup(w->word, (size_t)(equals - w->word)) : strdup(w->word);
		if (!label->name || !label->column)
			return skep_error_nomem(w->err, SKEP_STAGE_USAGE);
		if (!label->name[0] || !label->column[0])
			return wrong(w, "'%s' is no LABEL=COLUMN", w->word);
	}
	return metric->labels.len > had ?
		       0 :
		       wrong(w, "nothing follows the word '%s' of a metric", "by");
}

static int take_number(struct words *w, double *number)
{
	char *end = NULL;

	if (w->word)
		*number = strtod(w->word, &end);
	if (!w->word || end == w->word || *end || !isfinite(*number))
		return wrong(w, "'%s' is no number", w->word ?: "");
	step(w);
	return 0;
}

static int take_exponents(struct words *w, struct skep_metric *metric)
{
	double from, to;
	int ret;

	step(w);
	if (!w->word || is_keyword(w->word))
		return 0;
	ret = take_number(w, &from) ?: take_number(w, &to);
	if (ret)
		return ret;
	if (!(from >= -64 && from < to && to <= 64) || from != (int)from || to != (int)to)
		return wrong(w,
			     "buckets log2 takes two whole numbers from -64 to 64, the smaller "
			     "one first",
			     "");
	metric->log2_from = (int)from;
	metric->log2_to = (int)to;
	return 0;
}

static int take_bounds(struct words *w, struct skep_metric *metric)
{
	step(w);
	if (w->word && !strcmp(w->word, "log2"))
		return take_exponents(w, metric);
	while (w->word && !is_keyword(w->word)) {
		double *bound = skep_vec_push(&metric->bounds);
		int ret = bound ? take_number(w, bound) : -ENOMEM;

		if (ret)
			return ret;
	}
	return metric->bounds.len ?
		       0 :
		       wrong(w, "nothing follows the word '%s' of a metric", "buckets");
}

static int take_keyword(struct words *w, struct skep_metric *metric)
{
	if (!strcmp(w->word, "of"))
		return take_word(w, &metric->column);
	if (!strcmp(w->word, "in"))
		return take_word(w, &metric->source);
	if (!strcmp(w->word, "by"))
		return take_labels(w, metric);
	if (!strcmp(w->word, "buckets"))
		return take_bounds(w, metric);
	if (strcmp(w->word, "scale") != 0)
		return wrong(w, "'%s' is no word of a metric's description", w->word);
	step(w);
	return take_number(w, &metric->scale);
}

int skep_metrics_describe(struct skep_metrics *m, enum skep_metric_kind kind, const char *text,
			  struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_free) char *copy = strdup(text);
	struct skep_metric metric = skep_metric_new(kind);
	struct words w = { .at = copy, .err = err };
	int ret = 0;

	if (!copy)
		return skep_error_nomem(err, SKEP_STAGE_USAGE);
	step(&w);
	if (!w.word)
		return wrong(&w, "a metric needs a name", "");
	metric.name = strdup(w.word);
	step(&w);
	while (w.word && !ret)
		ret = take_keyword(&w, &metric);
	if (!ret)
		return skep_metrics_add(m, &metric, err);
	skep_metric_free(&metric);
	return ret == -ENOMEM ? skep_error_nomem(err, SKEP_STAGE_USAGE) : ret;
}
