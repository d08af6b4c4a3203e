// SPDX-License-Identifier: MIT
/* Groups as a table and as JSON. */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/readable.h"
#include "record/tally.h"

/* Of the rows of a table: where each cell's text is, and how wide its column. */
struct grid {
	struct skep_text text;
	struct skep_vec(size_t) ends;
	size_t widths[SKEP_MOST_KEYS + 1];
};

static void write_i128(__int128 value, struct skep_text *out)
{
	if (value >= 0 && value <= (__int128)UINT64_MAX)
		skep_text_u64(out, (uint64_t)value);
	else if (value >= INT64_MIN && value < 0)
		skep_text_i64(out, (int64_t)value);
	else
		skep_text_printf(out, "%.17g", (double)value);
}

/* Durations and sizes have units for people; what is no whole number has none. */
static void write_whole(const struct skep_tally *t, size_t column, __int128 value, bool is_json,
			struct skep_text *out)
{
	const char *meaning = skep_schema_column_meaning(t->schema, column);
	bool is_small = value >= 0 && value <= INT64_MAX;

	if (!is_json && is_small && !strcmp(meaning, "duration"))
		skep_write_span((int64_t)value, out);
	else if (!is_json && is_small && !strcmp(meaning, "bytes"))
		skep_write_size((uint64_t)value, out);
	else
		write_i128(value, out);
}

static void write_real(double value, bool is_json, struct skep_text *out)
{
	if (__builtin_isfinite(value))
		skep_text_printf(out, is_json ? "%.17g" : "%.6g", value);
	else
		skep_text_str(out, is_json ? "null" : "-");
}

static double real_of(const struct skep_tally_cell *cell, const struct skep_tally_sums *s)
{
	if (cell->kind == SKEP_TALLY_MIN)
		return s->real.min;
	if (cell->kind == SKEP_TALLY_MAX)
		return s->real.max;
	return cell->kind == SKEP_TALLY_SUM ? s->real.sum : s->real.sum / (double)s->n;
}

/* An average of whole numbers has one place behind the point, unless a unit tells its size. */
static void write_average(const struct skep_tally *t, size_t column,
			  const struct skep_tally_sums *s, bool is_json, struct skep_text *out)
{
	const char *meaning = skep_schema_column_meaning(t->schema, column);

	if (!is_json && (!strcmp(meaning, "duration") || !strcmp(meaning, "bytes")))
		write_whole(t, column, s->whole.sum / (__int128)s->n, false, out);
	else
		skep_text_printf(out, "%.1f", (double)s->whole.sum / (double)s->n);
}

static void write_sums(const struct skep_tally *t, const struct skep_tally_cell *cell,
		       const struct skep_tally_sums *s, bool is_json, struct skep_text *out)
{
	if (!s->n)
		skep_text_str(out, is_json ? "null" : "-");
	else if (s->is_double)
		write_real(real_of(cell, s), is_json, out);
	else if (cell->kind == SKEP_TALLY_AVG)
		write_average(t, cell->column, s, is_json, out);
	else
		write_whole(t, cell->column,
			    cell->kind == SKEP_TALLY_MIN ? s->whole.min :
			    cell->kind == SKEP_TALLY_MAX ? s->whole.max :
							   s->whole.sum,
			    is_json, out);
}

static void write_column(const struct skep_tally *t, size_t column,
			 const struct skep_tally_group *group, bool is_json, struct skep_text *out)
{
	uint32_t i = t->schema->columns.items[column].node;
	const struct skep_node *nodes = t->schema->nodes.items, *node = &nodes[i];

	if (!group->record)
		skep_text_str(out, column == t->cells.items[0].column ? "other" : "-");
	else if (!skep_node_is_there(node, group->len))
		skep_text_str(out, is_json ? "null" : "-");
	else if (node->kind == SKEP_NODE_ARRAY)
		skep_node_write_json(nodes, i, group->record, group->len, out);
	else
		skep_node_write(node, group->record + node->offset, group->len - node->offset,
				is_json, out);
}

void skep_tally_write_cell(const struct skep_tally *t, const struct skep_tally_cell *cell,
			   const struct skep_tally_group *group, bool is_json,
			   struct skep_text *out)
{
	if (cell->kind == SKEP_TALLY_COLUMN)
		write_column(t, cell->column, group, is_json, out);
	else if (cell->kind == SKEP_TALLY_COUNT)
		skep_text_u64(out, group->n);
	else
		write_sums(t, cell, &group->sums[cell->sums], is_json, out);
}

static size_t width_of(const struct skep_text *text, size_t from)
{
	size_t width = 0;

	for (size_t i = from; i < text->len; i++)
		width += ((unsigned char)text->data[i] & 0xc0) != 0x80;
	return width;
}

static bool end_cell(struct grid *g, size_t column, size_t start)
{
	size_t *end = skep_vec_push(&g->ends), width = width_of(&g->text, start);

	if (!end || g->text.failed)
		return false;
	*end = g->text.len;
	g->widths[column] = width > g->widths[column] ? width : g->widths[column];
	return true;
}

static bool add_header(const struct skep_tally *t, struct grid *g)
{
	for (size_t i = 0; i < t->cells.len; i++) {
		size_t start = g->text.len;

		for (const char *c = t->cells.items[i].name; *c; c++)
			skep_text_char(&g->text, *c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
		if (!end_cell(g, i, start))
			return false;
	}
	return true;
}

static bool add_row(const struct skep_tally *t, const struct skep_tally_group *group,
		    struct grid *g)
{
	for (size_t i = 0; i < t->cells.len; i++) {
		size_t start = g->text.len;

		skep_tally_write_cell(t, &t->cells.items[i], group, false, &g->text);
		if (!end_cell(g, i, start))
			return false;
	}
	return true;
}

static bool is_right(const struct skep_tally *t, size_t cell)
{
	const struct skep_tally_cell *c = &t->cells.items[cell];

	return c->kind != SKEP_TALLY_COLUMN || t->schema->columns.items[c->column].is_right;
}

static void write_grid(const struct skep_tally *t, const struct grid *g, struct skep_text *out)
{
	size_t start = 0;

	for (size_t i = 0; i < g->ends.len; i++) {
		size_t column = i % t->cells.len, len = g->ends.items[i] - start;
		const struct skep_text cell = { .data = g->text.data + start, .len = len };
		size_t gap = g->widths[column] - width_of(&cell, 0);
		bool is_last = column == t->cells.len - 1;

		for (size_t k = is_right(t, column) ? gap : 0; k; k--)
			skep_text_char(out, ' ');
		skep_text_bytes(out, cell.data, len);
		for (size_t k = is_right(t, column) || is_last ? 0 : gap; k; k--)
			skep_text_char(out, ' ');
		skep_text_char(out, is_last ? '\n' : ' ');
		start = g->ends.items[i];
	}
}

static size_t n_written(const struct skep_tally *t, size_t top)
{
	return top && top < t->order.len ? top : t->order.len;
}

void skep_tally_write(struct skep_tally *t, size_t top, struct skep_text *out)
{
	struct grid g = { 0 };
	bool is_good;

	if (!t || !out)
		return;
	is_good = skep_tally_sort(t) && add_header(t, &g);
	for (size_t i = 0; is_good && i < n_written(t, top); i++)
		is_good = add_row(t, &t->groups.items[t->order.items[i]], &g);
	if (is_good && t->others.n)
		is_good = add_row(t, &t->others, &g);
	if (is_good)
		write_grid(t, &g, out);
	else
		out->failed = true;
	skep_vec_free(&g.ends);
	skep_text_free(&g.text);
}

static void write_object(const struct skep_tally *t, const struct skep_tally_group *group,
			 size_t first, struct skep_text *out)
{
	skep_text_char(out, '{');
	for (size_t i = first; i < t->cells.len; i++) {
		const struct skep_tally_cell *cell = &t->cells.items[i];

		if (i > first)
			skep_text_char(out, ',');
		skep_text_json_string(out, cell->name, strlen(cell->name));
		skep_text_char(out, ':');
		skep_tally_write_cell(t, cell, group, true, out);
	}
	skep_text_char(out, '}');
}

void skep_tally_write_json(struct skep_tally *t, size_t top, struct skep_text *out)
{
	if (!t || !out)
		return;
	if (!skep_tally_sort(t))
		out->failed = true;
	skep_text_lit(out, "{\"rows\":[");
	for (size_t i = 0; i < n_written(t, top); i++) {
		if (i)
			skep_text_char(out, ',');
		write_object(t, &t->groups.items[t->order.items[i]], 0, out);
	}
	skep_text_char(out, ']');
	if (t->others.n) {
		skep_text_lit(out, ",\"other\":");
		write_object(t, &t->others, t->n_by, out);
	}
	skep_text_char(out, '}');
}
