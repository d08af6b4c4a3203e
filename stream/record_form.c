// SPDX-License-Identifier: MIT
#include "stream/record_form.h"

#include <string.h>
#include <time.h>

#include "base/clock.h"

static size_t without_line_end(const char *text, size_t len)
{
	while (len && (text[len - 1] == '\n' || text[len - 1] == '\r'))
		len--;
	return len;
}

static void write_text(enum skep_form form, const char *text, size_t len, struct skep_text *out)
{
	len = without_line_end(text, len);
	if (form != SKEP_FORM_JSON && form != SKEP_FORM_JSON_LINES) {
		skep_text_escaped(out, text, len);
		return;
	}
	skep_text_lit(out, "{\"text\":");
	skep_text_json_string(out, text, len);
	skep_text_char(out, '}');
}

void skep_write_record(const struct skep_source *source, enum skep_form form, const void *data,
		       size_t len, struct skep_text *out)
{
	const struct skep_view *view = skep_source_view(source);
	size_t before = out->len;

	if (view)
		skep_view_write(view, form, data, len, out);
	else if (source->is_text)
		write_text(form, data, len, out);
	else
		skep_record_write_hex(data, len,
				      form == SKEP_FORM_JSON || form == SKEP_FORM_JSON_LINES, out);
	out->len = before + without_line_end(out->data + before, out->len - before);
}

/* A time of whichever clock; its value is in ns since 1970 all the same. */
static bool is_time(const char *meaning)
{
	return !strcmp(meaning, "time") || !strcmp(meaning, "boot_time") ||
	       !strcmp(meaning, "wall_time");
}

int64_t skep_record_time(const struct skep_sink *sink, const struct skep_source *source,
			 const void *data, size_t len)
{
	size_t n = source->schema ? skep_schema_n_all_columns(source->schema) : 0;
	struct skep_text scratch = { 0 };
	struct skep_value value = { 0 };
	size_t i = 0;

	while (i < n && !is_time(skep_schema_column_meaning(source->schema, i)))
		i++;
	if (i < n)
		skep_record_value(source->schema, i, data, len, &scratch, &value);
	skep_text_free(&scratch);
	if (value.kind == SKEP_VALUE_UNSIGNED || value.kind == SKEP_VALUE_SIGNED)
		return value.i;
	return sink->time ? sink->time : skep_clock_now(CLOCK_REALTIME);
}
