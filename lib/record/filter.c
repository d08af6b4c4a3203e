// SPDX-License-Identifier: MIT
#include "record/filter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "record/filter_compile.h"

SKEP_DEFINE_SCOPED(filter, struct skep_filter, skep_filter_free)

struct skep_filter *skep_filter_new(const struct skep_schema *schema, const char *text,
				    struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_filter) struct skep_filter *filter = NULL;
	struct skep_filter_compiler c = { .schema = schema, .begin = text, .at = text, .err = err };

	if (!schema || !text)
		return skep_error_null_ptr(err, SKEP_STAGE_USAGE, schema ? "text" : "schema");
	if (strnlen(text, SKEP_FILTER_MOST_TEXT + 1) > SKEP_FILTER_MOST_TEXT) {
		skep_filter_refuse(&c, text + SKEP_FILTER_MOST_TEXT, E2BIG, NULL,
				   "the filter has more than %d bytes", SKEP_FILTER_MOST_TEXT);
		return NULL;
	}
	filter = calloc(1, sizeof(*filter));
	if (!filter) {
		skep_error_nomem(err, SKEP_STAGE_USAGE);
		return NULL;
	}
	c.filter = filter;
	return skep_filter_parse(&c) ? NULL : SKEP_TAKE(filter);
}

void skep_filter_free(struct skep_filter *filter)
{
	if (!filter)
		return;
	skep_vec_for_each(&filter->patterns, pattern) {
		if (*pattern)
			regfree(*pattern);
		free(*pattern);
	}
	skep_vec_free(&filter->patterns);
	skep_vec_free(&filter->tests);
	skep_arena_free(&filter->arena);
	free(filter);
}

/* Columns that text takes once it is safe for a terminal, up to a character of it. */
static size_t width_of(const char *text, size_t len)
{
	struct skep_text shown = { 0 };
	size_t width = 0;

	skep_text_escaped(&shown, text, len);
	for (size_t i = 0; i < shown.len; i++)
		width += ((unsigned char)shown.data[i] & 0xc0) != 0x80;
	skep_text_free(&shown);
	return width;
}

void skep_filter_point(const struct skep_error *err, const char *text, struct skep_text *out)
{
	size_t column = 0, at = 0, pad;

	if (!text || !err || !out || strncmp(err->source, "filter:", strlen("filter:")) != 0)
		return;
	column = strtoul(err->source + strlen("filter:"), NULL, 10);
	if (!column || strlen(text) > SKEP_FILTER_MOST_TEXT)
		return;
	while (column > 1 && text[at]) {
		at++;
		column -= ((unsigned char)text[at] & 0xc0) != 0x80;
	}
	skep_text_lit(out, "  ");
	skep_text_escaped(out, text, strlen(text));
	skep_text_lit(out, "\n  ");
	for (pad = width_of(text, at); pad; pad--)
		skep_text_char(out, ' ');
	skep_text_lit(out, "^\n");
}
