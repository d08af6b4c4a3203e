// SPDX-License-Identifier: MIT
#include "stream/summary_part.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/quantity.h"
#include "base/readable.h"

/* A step or a start of a histogram, in what its column has: "10ms", "4K", "-5". */
static bool read_quantity(const char *meaning, const char *text, int64_t *value)
{
	bool is_negative = *text == '-';
	const char *digits = text + is_negative;
	uint64_t number;
	bool is_good;

	text += is_negative;
	is_good = skep_read_digits(&digits, &number) && !*digits;
	if (!is_good && !strcmp(meaning, "duration")) {
		is_good = skep_read_duration(text, value);
		number = (uint64_t)*value;
	} else if (!is_good) {
		is_good = skep_read_size(text, &number);
	}
	if (!is_good || number > INT64_MAX)
		return false;
	*value = is_negative ? -(int64_t)number : (int64_t)number;
	return true;
}

static int read_step(struct skep_summary_part *part, const char *step, struct skep_error *err)
{
	const char *meaning = skep_schema_column_meaning(part->source->schema, part->column);
	const char *from = strchr(step, ':');
	char text[64];
	int64_t value;

	snprintf(text, sizeof(text), "%.*s", (int)strcspn(step, ":"), step);
	if (!read_quantity(meaning, text, &value) || value <= 0 ||
	    (from && !read_quantity(meaning, from + 1, &part->histogram.base))) {
		skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "'%s' is no step of a histogram",
			       step);
		skep_error_add_hint(err, "give COLUMN, COLUMN:STEP or COLUMN:STEP:FROM: ret:1:-5");
		return -EINVAL;
	}
	part->histogram.kind = SKEP_HISTOGRAM_LINEAR;
	part->histogram.step = (uint64_t)value;
	return 0;
}

static int set_heading(struct skep_summary_part *part, struct skep_error *err)
{
	const char *meaning = skep_schema_column_meaning(part->source->schema, part->column);
	const char *name = skep_schema_column(part->source->schema, part->column);

	part->unit = !strcmp(meaning, "duration") ? "ns" : !strcmp(meaning, "bytes") ? "bytes" : "";
	if (asprintf(&part->heading, "%s%s%s", name, *part->unit ? " in " : "", part->unit) >= 0)
		return 0;
	part->heading = NULL;
	return skep_error_nomem(err, SKEP_STAGE_USAGE);
}

/* Also those that have names: whether there is one is told by any record. */
static bool has_numbers(const struct skep_schema *schema, size_t column)
{
	enum skep_value_kind kind = skep_schema_column_kind(schema, column);
	void *record = calloc(1, skep_schema_size(schema) + 1);
	struct skep_value value;
	bool has = kind == SKEP_VALUE_DOUBLE ||
		   (record &&
		    skep_record_number(schema, column, record, skep_schema_size(schema), &value));

	free(record);
	return has;
}

static int open_histogram(struct skep_summary_part *part, const char *hist, struct skep_error *err)
{
	const struct skep_schema *schema = part->source->schema;
	const char *step = strchr(hist, ':');
	char name[256];
	int column;

	snprintf(name, sizeof(name), "%.*s", (int)(step ? step - hist : 255), hist);
	column = skep_schema_find_column(schema, name);
	if (column < 0) {
		skep_error_set(err, SKEP_STAGE_USAGE, ENOENT, "there is no column '%s'", name);
		return -ENOENT;
	}
	part->column = (size_t)column;
	if (!has_numbers(schema, part->column))
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "column '%s' has no numbers",
				      name);
	part->histogram = (struct skep_histogram){ .size = sizeof(part->histogram),
						   .slots = part->slots,
						   .n = SKEP_SUMMARY_SLOTS };
	return (step ? read_step(part, step + 1, err) : 0) ?: set_heading(part, err);
}

int skep_summary_part_open(struct skep_summary_part *part, const struct skep_summary_opts *opts,
			   const struct skep_source *source, struct skep_error *err)
{
	struct skep_error why = { 0 };
	int ret = 0;

	part->source = source;
	if (!source->schema)
		ret = skep_error_set(&why, SKEP_STAGE_USAGE, ENOENT, "they have no columns");
	else if (opts->kind == SKEP_SUMMARY_HISTOGRAM)
		ret = open_histogram(part, opts->hist, &why);
	else if (opts->kind == SKEP_SUMMARY_COUNT)
		part->tally = skep_tally_new(source->schema, &opts->tally, &why);
	else
		part->ranking = skep_ranking_new(source->schema, opts->sort,
						 opts->top ?: SKEP_SUMMARY_MOST, &why);
	if (!ret && !why.code)
		return 0;
	skep_error_add_subject(&why, "records of '%s'", source->name);
	if (err)
		*err = why;
	return -why.code;
}

void skep_summary_part_close(struct skep_summary_part *part)
{
	skep_tally_free(part->tally);
	skep_ranking_free(part->ranking);
	free(part->heading);
}

static void add_number(struct skep_summary_part *part, const void *data, size_t len)
{
	const struct skep_schema *schema = part->source->schema;
	struct skep_text unused = { 0 };
	struct skep_value value;

	if (!skep_record_number(schema, part->column, data, len, &value))
		skep_record_value(schema, part->column, data, len, &unused, &value);
	if (value.kind == SKEP_VALUE_SIGNED)
		skep_histogram_add(&part->histogram, value.i);
	else if (value.kind == SKEP_VALUE_UNSIGNED)
		skep_histogram_add_unsigned(&part->histogram, value.u);
	else if (value.kind == SKEP_VALUE_BOOL)
		skep_histogram_add(&part->histogram, value.b);
	else if (value.kind == SKEP_VALUE_DOUBLE && value.d > -9e18 && value.d < 9e18)
		skep_histogram_add(&part->histogram, (int64_t)__builtin_floor(value.d));
	skep_text_free(&unused);
}

int skep_summary_part_add(struct skep_summary_part *part, const void *data, size_t len)
{
	part->n++;
	if (part->tally)
		return skep_tally_add(part->tally, data, len);
	if (part->ranking)
		return skep_ranking_add(part->ranking, data, len);
	add_number(part, data, len);
	return 0;
}

static void write_ranking(struct skep_summary_part *part, enum skep_form form,
			  struct skep_text *out)
{
	const struct skep_source *source = part->source;
	const struct skep_view *view = source->view ?: skep_schema_view(source->schema);
	size_t n = skep_ranking_sort(part->ranking), len;
	bool has_header = false;

	for (size_t i = 0; i < n; i++) {
		const void *data = skep_ranking_record(part->ranking, i, &len);

		if (source->write && source->write(source->write_ctx, form, data, len, out))
			continue;
		if (!has_header)
			skep_view_begin(view, form, out);
		has_header = true;
		skep_view_write(view, form, data, len, out);
	}
}

void skep_summary_part_write(struct skep_summary_part *part, size_t top, struct skep_text *out)
{
	struct skep_histogram histogram = part->histogram;

	histogram.unit = part->heading;
	if (part->tally)
		skep_tally_write(part->tally, top, out);
	else if (part->ranking)
		write_ranking(part, SKEP_FORM_TEXT, out);
	else
		skep_histogram_write(&histogram, out);
}

static void write_name(const char *key, const char *name, struct skep_text *out)
{
	skep_text_str(out, key);
	skep_text_json_string(out, name, strlen(name));
}

void skep_summary_part_write_json(struct skep_summary_part *part, size_t top, int64_t now,
				  struct skep_text *out)
{
	struct skep_histogram histogram = part->histogram;

	if (part->ranking) {
		write_ranking(part, SKEP_FORM_JSON_LINES, out);
		return;
	}
	skep_text_lit(out, "{\"time\":\"");
	skep_write_instant((uint64_t)now, out);
	write_name("\",\"source\":", part->source->name, out);
	if (part->tally) {
		skep_text_lit(out, ",\"counts\":");
		skep_tally_write_json(part->tally, top, out);
	} else {
		write_name(",\"column\":", skep_schema_column(part->source->schema, part->column),
			   out);
		skep_text_lit(out, ",\"histogram\":");
		histogram.unit = part->unit;
		skep_histogram_write_json(&histogram, out);
	}
	skep_text_lit(out, "}\n");
}
