// SPDX-License-Identifier: MIT
#include "cli/table.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/readable.h"
#include "cli/cli.h"

#define LINES_COLUMN 18 /* where values begin in TABLE_LINES */

void table_begin(struct table *t, const struct table_column *columns, enum table_style style)
{
	*t = (struct table){ .columns = columns, .style = style };
	while (columns[t->n_columns].name && t->n_columns < TABLE_MAX_COLUMNS)
		t->n_columns++;
	if (style == TABLE_JSON)
		skep_text_char(&t->out, '[');
}

bool table_is_json(const struct table *t)
{
	return t->style == TABLE_JSON || t->style == TABLE_OBJECT;
}

static void end_row(struct table *t)
{
	if (t->n_rows && table_is_json(t))
		skep_text_char(&t->out, '}');
}

static void grow_grid(struct table *t)
{
	size_t cap = t->cap ? t->cap * 2 : 64;
	struct table_cell *grid = NULL;

	if (t->n_rows < t->cap)
		return;
	if (!t->failed)
		grid = realloc(t->grid, cap * t->n_columns * sizeof(*grid));
	if (!grid) {
		t->failed = true;
		return;
	}
	t->grid = grid;
	t->cap = cap;
}

void table_row(struct table *t)
{
	end_row(t);
	if (t->style == TABLE_COLUMNS) {
		grow_grid(t);
		if (!t->failed)
			memset(t->grid + t->n_rows * t->n_columns, 0,
			       t->n_columns * sizeof(*t->grid));
	} else if (t->n_rows && t->style == TABLE_LINES) {
		skep_text_char(&t->out, '\n');
	} else if (table_is_json(t)) {
		skep_text_str(&t->out, t->n_rows ? ",\n{" : "{");
	}
	t->n_rows++;
	t->n_values = 0;
}

static const struct table_column *column_of(const struct table *t, const char *name)
{
	for (size_t i = 0; i < t->n_columns; i++)
		if (!strcmp(t->columns[i].name, name))
			return &t->columns[i];
	return NULL;
}

bool table_wants(const struct table *t, const char *name)
{
	return (t->style != TABLE_COLUMNS && !t->only_columns) || column_of(t, name);
}

static struct table_cell *cell_of(struct table *t, const char *name)
{
	const struct table_column *column = column_of(t, name);

	if (!column || t->failed)
		return NULL;
	return &t->grid[(t->n_rows - 1) * t->n_columns + (size_t)(column - t->columns)];
}

/* Where the value is to be written; NULL: nowhere. */
static struct skep_text *begin(struct table *t, const char *name)
{
	size_t line;

	if (t->style == TABLE_COLUMNS) {
		t->cell = cell_of(t, name);
		if (t->cell)
			t->cell->at = t->cells.len;
		return t->cell ? &t->cells : NULL;
	}
	if (!table_wants(t, name))
		return NULL;
	if (table_is_json(t)) {
		skep_text_str(&t->out, t->n_values++ ? ",\"" : "\"");
		skep_text_str(&t->out, name);
		skep_text_lit(&t->out, "\":");
		return &t->out;
	}
	line = t->out.len;
	for (; *name; name++)
		skep_text_char(&t->out, *name == '_' ? ' ' : *name);
	skep_text_pad(&t->out, line, LINES_COLUMN);
	return &t->out;
}

static void end(struct table *t)
{
	if (t->style == TABLE_LINES)
		skep_text_char(&t->out, '\n');
	else if (t->style == TABLE_COLUMNS)
		t->cell->len = t->cells.len - t->cell->at;
}

void table_string(struct table *t, const char *name, const char *value)
{
	struct skep_text *out = value && *value ? begin(t, name) : NULL;

	if (!out)
		return;
	if (table_is_json(t))
		skep_text_json_string(out, value, strlen(value));
	else
		skep_text_escaped(out, value, strlen(value));
	end(t);
}

void table_printf(struct table *t, const char *name, const char *fmt, ...)
{
	SKEP_SCOPED(skep_scoped_free) char *text = NULL;
	va_list args;
	int len;

	if (!table_wants(t, name))
		return;
	va_start(args, fmt);
	len = vasprintf(&text, fmt, args);
	va_end(args);
	if (len < 0) {
		text = NULL;
		t->failed = true;
	}
	table_string(t, name, text);
}

void table_raw(struct table *t, const char *name, const struct skep_text *value)
{
	struct skep_text *out = value->len ? begin(t, name) : NULL;

	t->failed |= value->failed;
	if (!out)
		return;
	skep_text_bytes(out, value->data, value->len);
	end(t);
}

void table_u64(struct table *t, const char *name, uint64_t value)
{
	struct skep_text *out = begin(t, name);

	if (!out)
		return;
	skep_text_u64(out, value);
	end(t);
}

void table_i64(struct table *t, const char *name, int64_t value)
{
	struct skep_text *out = begin(t, name);

	if (!out)
		return;
	skep_text_i64(out, value);
	end(t);
}

void table_bool(struct table *t, const char *name, bool value)
{
	struct skep_text *out = begin(t, name);

	if (!out)
		return;
	if (table_is_json(t))
		skep_text_str(out, value ? "true" : "false");
	else
		skep_text_str(out, value ? "yes" : "no");
	end(t);
}

void table_bytes(struct table *t, const char *name, uint64_t value)
{
	struct skep_text *out;

	if (table_is_json(t)) {
		table_u64(t, name, value);
		return;
	}
	out = begin(t, name);
	if (!out)
		return;
	skep_write_size(value, out);
	end(t);
}

void table_duration(struct table *t, const char *name, uint64_t ns)
{
	struct skep_text *out;

	if (table_is_json(t)) {
		table_u64(t, name, ns);
		return;
	}
	out = begin(t, name);
	if (!out)
		return;
	skep_write_span((int64_t)ns, out);
	end(t);
}

void table_time(struct table *t, const char *name, uint64_t ns)
{
	time_t seconds = (time_t)(ns / 1000000000);
	char text[32] = "";
	struct tm tm;

	if (table_is_json(t)) {
		table_u64(t, name, ns);
		return;
	}
	if (!table_wants(t, name))
		return;
	if (localtime_r(&seconds, &tm))
		strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm);
	table_string(t, name, text);
}

void table_hex(struct table *t, const char *name, uint64_t value)
{
	struct skep_text *out = begin(t, name);

	if (!out)
		return;
	if (table_is_json(t))
		skep_text_char(out, '"');
	skep_text_hex(out, value);
	if (table_is_json(t))
		skep_text_char(out, '"');
	end(t);
}

void table_ids(struct table *t, const char *name, const uint32_t *ids, size_t n)
{
	struct skep_text *out = n ? begin(t, name) : NULL;

	if (!out)
		return;
	if (table_is_json(t))
		skep_text_char(out, '[');
	for (size_t i = 0; i < n; i++) {
		if (i)
			skep_text_char(out, ',');
		skep_text_u64(out, ids[i]);
	}
	if (table_is_json(t))
		skep_text_char(out, ']');
	end(t);
}

void table_drop(struct table *t)
{
	skep_text_free(&t->out);
	skep_text_free(&t->cells);
	free(t->grid);
	*t = (struct table){ 0 };
}

int table_end(struct table *t)
{
	struct skep_error err = { 0 };
	int ret = EXIT_OK;

	end_row(t);
	if (t->style == TABLE_COLUMNS && t->n_rows && !t->failed && !t->cells.failed)
		table_write_columns(t, isatty(STDOUT_FILENO));
	else if (t->style == TABLE_JSON)
		skep_text_lit(&t->out, "]\n");
	else if (t->style == TABLE_OBJECT && t->n_rows)
		skep_text_char(&t->out, '\n');
	if (t->failed || t->cells.failed || t->out.failed) {
		skep_error_nomem(&err, SKEP_STAGE_DELIVER);
		ret = cli_fail(&err);
	} else {
		ret = cli_print(&t->out);
	}
	table_drop(t);
	return ret;
}
