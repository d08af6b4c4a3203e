// SPDX-License-Identifier: MIT
/* A record as a line of columns. */
#include "record/plan.h"

/* Pads the cell that began at @start: in front of numbers, behind all else but the last. */
static void align(struct skep_text *out, size_t start, const struct skep_column *column,
		  bool is_last)
{
	size_t len = out->len - start, gap;

	if (len >= column->width || (is_last && !column->is_right))
		return;
	gap = column->width - len;
	if (!skep_text_room(out, gap))
		return;
	if (column->is_right) {
		memmove(out->data + start + gap, out->data + start, len);
		memset(out->data + start, ' ', gap);
	} else {
		memset(out->data + out->len, ' ', gap);
	}
	out->len += gap;
}

static void write_heading(struct skep_text *out, const char *name)
{
	for (; *name; name++)
		skep_text_char(out, *name >= 'a' && *name <= 'z' ? *name - 'a' + 'A' : *name);
}

static void write_cell(const struct skep_schema *schema, const struct skep_column *column,
		       const uint8_t *data, size_t len, struct skep_text *out)
{
	const struct skep_node *node = &schema->nodes.items[column->node];

	if (!skep_node_is_there(node, len))
		skep_text_char(out, '-');
	else if (node->kind == SKEP_NODE_ARRAY)
		skep_node_write_json(schema->nodes.items, column->node, data, len, out);
	else
		skep_node_write(node, data + node->offset, len - node->offset, false, out);
}

/* Of a record, or of the columns' names when @data is NULL. */
static void write_line(const struct skep_schema *schema, const uint8_t *data, size_t len,
		       struct skep_text *out)
{
	for (size_t i = 0; i < schema->n_shown; i++) {
		const struct skep_column *column = &schema->columns.items[i];
		size_t start;

		if (i)
			skep_text_char(out, ' ');
		start = out->len;
		if (data)
			write_cell(schema, column, data, len, out);
		else
			write_heading(out, column->name);
		align(out, start, column, i == schema->n_shown - 1);
	}
	skep_text_char(out, '\n');
}

void skep_schema_write_header(const struct skep_schema *schema, struct skep_text *out)
{
	if (schema && out)
		write_line(schema, NULL, 0, out);
}

void skep_record_write_text(const struct skep_schema *schema, const void *data, size_t len,
			    struct skep_text *out)
{
	static const uint8_t nothing;

	if (schema && out)
		write_line(schema, data ? data : &nothing, data ? len : 0, out);
}
