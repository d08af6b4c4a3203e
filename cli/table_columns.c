// SPDX-License-Identifier: MIT
/* The cells of a table, each column as wide as its widest. */
#include "cli/table.h"

#include <string.h>

#define GAP 2

/* Columns that a terminal needs for UTF-8 text: its characters, wide ones apart. */
static size_t width_of(const char *text, size_t len)
{
	size_t width = 0;

	for (size_t i = 0; i < len; i++)
		width += (text[i] & 0xc0) != 0x80;
	return width;
}

static void spaces(struct skep_text *out, size_t n)
{
	while (n--)
		skep_text_char(out, ' ');
}

static void write_cell(struct skep_text *out, const struct table_column *column, size_t width,
		       const char *text, size_t len, bool is_last)
{
	size_t gap = width - width_of(text, len);

	if (column->is_right)
		spaces(out, gap);
	skep_text_bytes(out, text, len);
	if (!column->is_right && !is_last)
		spaces(out, gap);
	if (!is_last)
		spaces(out, GAP);
}

static const char *text_of(const struct table *t, size_t row, size_t column, size_t *len)
{
	const struct table_cell *cell = &t->grid[row * t->n_columns + column];

	*len = cell->len ? cell->len : 1;
	return cell->len ? t->cells.data + cell->at : "-";
}

void table_write_columns(struct table *t, bool with_header)
{
	size_t widths[TABLE_MAX_COLUMNS] = { 0 }, len;

	for (size_t c = 0; c < t->n_columns; c++) {
		widths[c] = with_header ? strlen(t->columns[c].title) : 0;
		for (size_t r = 0; r < t->n_rows; r++) {
			const char *text = text_of(t, r, c, &len);
			size_t width = width_of(text, len);

			widths[c] = width > widths[c] ? width : widths[c];
		}
	}
	for (size_t r = with_header ? 0 : 1; r <= t->n_rows; r++) {
		for (size_t c = 0; c < t->n_columns; c++) {
			const char *text = t->columns[c].title;

			len = strlen(text);
			if (r)
				text = text_of(t, r - 1, c, &len);
			write_cell(&t->out, &t->columns[c], widths[c], text, len,
				   c == t->n_columns - 1);
		}
		skep_text_char(&t->out, '\n');
	}
}
