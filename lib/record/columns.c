// SPDX-License-Identifier: MIT
/* Which columns a schema has. */
#include <errno.h>
#include <strings.h>

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

static bool is_right(const struct skep_node *node)
{
	if (node->side)
		return node->side == SKEP_SIDE_RIGHT;
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
	column->kind = skep_node_value_kind(node);
	column->is_right = is_right(node);
	column->width = width > name->len ? width : (uint32_t)name->len;
	column->width = column->width < SKEP_WIDTH_MOST ? column->width : SKEP_WIDTH_MOST;
	column->name = skep_arena_string(&schema->arena, name->data, name->len);
	return column->name ? 0 : -ENOMEM;
}

/* A struct's members are columns of their own; an array is one, whatever it is of. */
static int add_columns(struct skep_schema *schema, uint32_t i, bool is_hidden, bool want_hidden,
		       struct skep_text *name)
{
	const struct skep_node *node = &schema->nodes.items[i];
	size_t name_len = name->len;
	int ret = 0;

	is_hidden |= node->is_hidden;
	if (node->key) {
		skep_text_str(name, name_len ? "." : "");
		skep_text_bytes(name, node->key + 1, node->key_len - 3);
	} else if (node->kind != SKEP_NODE_STRUCT) {
		skep_text_lit(name, "value");
	}
	if (node->kind == SKEP_NODE_STRUCT)
		for (uint32_t m = i + 1; m < node->next && !ret; m = schema->nodes.items[m].next)
			ret = add_columns(schema, m, is_hidden, want_hidden, name);
	else if (is_hidden == want_hidden)
		ret = name->failed ? -ENOMEM : add_column(schema, i, name);
	name->len = name_len;
	return ret;
}

int skep_schema_find_columns(struct skep_schema *schema)
{
	struct skep_text name = { 0 };
	int ret = add_columns(schema, 0, false, false, &name);

	schema->n_shown = schema->columns.len;
	ret = ret ?: add_columns(schema, 0, false, true, &name);
	skep_text_free(&name);
	return ret;
}

size_t skep_schema_n_columns(const struct skep_schema *schema)
{
	return schema ? schema->n_shown : 0;
}

size_t skep_schema_n_all_columns(const struct skep_schema *schema)
{
	return schema ? schema->columns.len : 0;
}

const char *skep_schema_column(const struct skep_schema *schema, size_t i)
{
	return schema && i < schema->columns.len ? schema->columns.items[i].name : NULL;
}

int skep_schema_find_column(const struct skep_schema *schema, const char *name)
{
	int similar = -1;

	for (size_t i = schema && name ? schema->columns.len : 0; i--;) {
		const char *column = schema->columns.items[i].name;

		if (!strcmp(column, name))
			return (int)i;
		if (!strcasecmp(column, name))
			similar = (int)i;
	}
	return similar;
}

const char *skep_schema_column_meaning(const struct skep_schema *schema, size_t i)
{
	if (!schema || i >= schema->columns.len)
		return NULL;
	return skep_meaning_word(schema->nodes.items[schema->columns.items[i].node].meaning);
}

size_t skep_schema_column_size(const struct skep_schema *schema, size_t i)
{
	if (!schema || i >= schema->columns.len)
		return 0;
	return schema->nodes.items[schema->columns.items[i].node].size;
}
