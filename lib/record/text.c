// SPDX-License-Identifier: MIT
/* A record as a line of columns. */
#include <errno.h>

#include "record/plan.h"

#define MOST_STRING 16
#define MOST_NAME   16

/* Digits of the largest number of a size; eight-byte ones are seldom that large. */
static uint32_t number_width(const struct skep_node *node)
{
	uint32_t bits = node->width ? node->width : node->size * 8;

	return bits <= 8 ? 3 : bits <= 16 ? 5 : bits <= 32 ? 7 : 14;
}

static uint32_t enum_width(const struct skep_enum *names)
{
	uint32_t width = 1;

	for (size_t i = 0; i < names->len; i++)
		width = names->values[i].len > width ? names->values[i].len : width;
	return width < MOST_NAME ? width : MOST_NAME;
}

static uint32_t value_width(const struct skep_node *node)
{
	if (node->column_width)
		return node->column_width;
	if (node->meaning)
		return skep_meaning_width(node->meaning);
	switch ((enum skep_node_kind)node->kind) {
	case SKEP_NODE_STRING:
		return node->size && node->size < MOST_STRING ? node->size : MOST_STRING;
	case SKEP_NODE_CHAR:
		return 1;
	case SKEP_NODE_BOOL:
		return 5;
	case SKEP_NODE_ENUM:
		return enum_width(node->names);
	case SKEP_NODE_POINTER:
		return 18;
	case SKEP_NODE_BYTES:
		return node->size * 2;
	case SKEP_NODE_FLOAT:
		return 10;
	default:
		return number_width(node);
	}
}

static bool is_number(const struct skep_node *node)
{
	if (node->meaning)
		return skep_meaning_is_number(node->meaning);
	return node->kind == SKEP_NODE_UNSIGNED || node->kind == SKEP_NODE_SIGNED ||
	       node->kind == SKEP_NODE_FLOAT;
}

static int add_column(struct skep_schema *schema, uint32_t i, const struct skep_text *name)
{
	const struct skep_node *node = &schema->nodes.items[i];
	struct skep_column *column = skep_vec_push(&schema->columns);
	uint32_t width = node->kind == SKEP_NODE_ARRAY ? 8 : value_width(node);

	if (!column)
		return -ENOMEM;
	column->node = i;
	column->is_right = is_number(node);
	column->width = width > name->len ? width : (uint32_t)name->len;
	column->name = skep_arena_string(&schema->arena, name->data, name->len);
	return column->name ? 0 : -ENOMEM;
}

/* A struct's members are columns of their own; an array is one, whatever it is of. */
static int add_columns(struct skep_schema *schema, uint32_t i, struct skep_text *name)
{
	const struct skep_node *node = &schema->nodes.items[i];
	size_t name_len = name->len;
	int ret = 0;

	if (node->is_hidden)
		return 0;
	if (node->key) {
		skep_text_str(name, name_len ? "." : "");
		skep_text_bytes(name, node->key + 1, node->key_len - 3);
	} else if (node->kind != SKEP_NODE_STRUCT) {
		skep_text_lit(name, "value");
	}
	if (node->kind != SKEP_NODE_STRUCT)
		ret = name->failed ? -ENOMEM : add_column(schema, i, name);
	else
		for (uint32_t m = i + 1; m < node->next && !ret; m = schema->nodes.items[m].next)
			ret = add_columns(schema, m, name);
	name->len = name_len;
	return ret;
}

int skep_schema_find_columns(struct skep_schema *schema)
{
	struct skep_text name = { 0 };
	int ret = add_columns(schema, 0, &name);

	skep_text_free(&name);
	return ret;
}

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
	for (size_t i = 0; i < schema->columns.len; i++) {
		const struct skep_column *column = &schema->columns.items[i];
		size_t start;

		if (i)
			skep_text_char(out, ' ');
		start = out->len;
		if (data)
			write_cell(schema, column, data, len, out);
		else
			write_heading(out, column->name);
		align(out, start, column, i == schema->columns.len - 1);
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
