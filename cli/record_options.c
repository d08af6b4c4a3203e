// SPDX-License-Identifier: MIT
#include "cli/record_options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <skep/filter.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "cli/outputs.h"
#include "stream/summary.h"

#define SECOND 1000000000ll

int record_options_join(int argc, char **argv)
{
	for (int i = 1; i + 2 < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], "--count") != 0 || strcmp(argv[i + 1], "by") != 0 ||
		    argv[i + 2][0] == '-')
			continue;
		/* The NULL behind the last moves, too. */
		memmove(&argv[i + 1], &argv[i + 2], (size_t)(argc - i - 1) * sizeof(*argv));
		return argc - 1;
	}
	return argc;
}

static int refuse(struct skep_error *err, const char *hint, const char *cause)
{
	skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "%s", cause);
	if (hint)
		skep_error_add_hint(err, "%s", hint);
	return -EINVAL;
}

static int check_words(const struct record_options *o, struct skep_error *err)
{
	bool has_sums = o->sum || o->avg || o->min || o->max;

	if (o->count && o->hist)
		return refuse(err, NULL, "--count and --hist cannot be given together");
	if (has_sums && (o->hist || (!o->count && o->sort)))
		return refuse(err, "add --count by COLUMN, or leave them out",
			      "--sum, --avg, --min and --max belong to counts");
	if (o->sort && o->hist)
		return refuse(err, NULL, "a histogram is in the order of its values");
	if (o->top && !o->count && !o->sort && !has_sums)
		return refuse(err, "add --sort -COLUMN or --count by COLUMN",
			      "--top needs to know which records come first");
	if (o->every && !o->count && !o->sort && !o->hist && !has_sums)
		return refuse(err, "give one of them",
			      "--every belongs to --count, --hist and --sort");
	return 0;
}

/* What is to be written instead of records; false: nothing is. */
static bool wants_summary(const struct record_options *o, struct skep_summary_opts *opts)
{
	bool is_count = o->count || o->sum || o->avg || o->min || o->max;

	*opts = (struct skep_summary_opts){
		.kind = is_count ? SKEP_SUMMARY_COUNT :
			o->hist	 ? SKEP_SUMMARY_HISTOGRAM :
				   SKEP_SUMMARY_ORDER,
		.tally = { .size = sizeof(opts->tally),
			   .by = o->count,
			   .sum = o->sum,
			   .avg = o->avg,
			   .min = o->min,
			   .max = o->max,
			   .sort = o->sort },
		.sort = o->sort,
		.hist = o->hist,
		.top = o->top,
		.every_ns = o->every ? o->every :
			    o->top   ? SECOND :
				       0,
	};
	return is_count || o->hist || o->sort;
}

/* Records of a type that lacks a member cannot be what is asked for: ENOENT is kept for later. */
static int add_filters(struct record_options *o, struct skep_source *source, struct skep_error *err)
{
	struct record_filters *filters = skep_vec_push(&o->compiled);

	if (!filters)
		return skep_error_nomem(err, SKEP_STAGE_USAGE);
	filters->items = calloc(o->filters.len, sizeof(*filters->items));
	if (!filters->items)
		return skep_error_nomem(err, SKEP_STAGE_USAGE);
	for (size_t i = 0; i < o->filters.len; i++) {
		SKEP_SCOPED(skep_text_free) struct skep_text place = { 0 };

		filters->items[i] = skep_filter_new(source->schema, o->filters.items[i], err);
		if (!filters->items[i]) {
			skep_filter_point(err, o->filters.items[i], &place);
			skep_error_add_log(err, place.data ?: "", place.len);
			return -err->code;
		}
		filters->len++;
	}
	source->filters = (const struct skep_filter *const *)filters->items;
	source->n_filters = filters->len;
	return 0;
}

static int ask_source(struct record_options *o, struct skep_source *source, struct skep_error *err)
{
	int ret = 0;

	if (o->filters.len && !source->schema)
		ret = skep_error_set(err, SKEP_STAGE_USAGE, ENOENT, "they have no members");
	else if (o->filters.len)
		ret = add_filters(o, source, err);
	if (!ret && o->summary)
		ret = skep_summary_add_source(o->summary, source, err);
	if (ret)
		skep_error_add_subject(err, "records of '%s'", source->name);
	return ret;
}

static int add_source(void *ctx, struct skep_source *source, struct skep_error *err)
{
	struct record_options *o = ctx;
	struct skep_error why = { 0 };
	int ret = ask_source(o, source, &why);

	o->n_sources++;
	o->n_wanted += !ret;
	if (ret == -ENOENT) {
		source->is_unwanted = true;
		if (!o->lacking.code)
			o->lacking = why;
		return 0;
	}
	if (ret && err)
		*err = why;
	return ret;
}

struct skep_delivery *record_options_open(struct record_options *o,
					  const struct option_list *outputs, struct skep_error *err)
{
	struct skep_summary_opts opts;
	struct skep_delivery *delivery;
	bool is_summary;

	if (check_words(o, err))
		return NULL;
	is_summary = wants_summary(o, &opts);
	opts.is_json = outputs_have_jsonl(outputs);
	if (is_summary) {
		o->summary = skep_summary_new(&opts, err);
		if (!o->summary)
			return NULL;
	}
	delivery = outputs_open(outputs, o->summary, err);
	if (delivery && (o->filters.len || is_summary))
		skep_delivery_on_source(delivery, add_source, o);
	return delivery;
}

static void print_lacking(struct record_options *o)
{
	skep_error_add_what(&o->lacking, "are left out");
	o->lacking.log[0] = '\0';
	skep_error_print(&o->lacking, stderr);
	o->lacking.code = 0;
}

int record_options_check(struct record_options *o, struct skep_error *err)
{
	if (!o->lacking.code)
		return 0;
	if (!o->n_wanted) {
		*err = o->lacking;
		err->code = EINVAL;
		return -EINVAL;
	}
	print_lacking(o);
	return 0;
}

void record_options_report(struct record_options *o, const struct skep_delivery *delivery)
{
	uint64_t n = o->filters.len ? skep_delivery_filtered(delivery) : 0;
	uint64_t left_out = o->summary ? skep_summary_left_out(o->summary) : 0;

	/* Of a source that was there later. */
	if (o->lacking.code)
		print_lacking(o);
	if (n)
		fprintf(stderr, "%llu records did not match the filter\n", (unsigned long long)n);
	if (left_out)
		fprintf(stderr, "%llu records come behind those that are shown\n",
			(unsigned long long)left_out);
}

void record_options_free(struct record_options *o)
{
	skep_vec_for_each(&o->compiled, filters) {
		for (size_t i = 0; i < filters->len; i++)
			skep_filter_free(filters->items[i]);
		free(filters->items);
	}
	skep_vec_free(&o->compiled);
}
