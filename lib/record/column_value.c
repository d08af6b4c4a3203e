// SPDX-License-Identifier: MIT
/* The value of one column: what writers make text of, as it is. */
#include "record/plan.h"

static const struct skep_column *find_column(const struct skep_schema *schema, size_t i)
{
	return schema && i < schema->columns.len ? &schema->columns.items[i] : NULL;
}

/* Of the number that a leaf is, whatever it is called. */
static enum skep_value_kind number_kind(const struct skep_node *node)
{
	bool is_signed = node->kind == SKEP_NODE_ENUM ? node->names->is_signed :
							node->kind == SKEP_NODE_SIGNED;

	if (node->meaning == SKEP_MEANING_PORT || skep_meaning_is_time(node->meaning))
		return SKEP_VALUE_UNSIGNED;
	return is_signed ? SKEP_VALUE_SIGNED : SKEP_VALUE_UNSIGNED;
}

enum skep_value_kind skep_node_value_kind(const struct skep_node *node)
{
	if (node->kind == SKEP_NODE_STACK || skep_meaning_is_name(node->meaning) ||
	    skep_meaning_is_address(node->meaning))
		return SKEP_VALUE_TEXT;
	if (node->meaning && node->kind != SKEP_NODE_ARRAY)
		return number_kind(node);
	switch ((enum skep_node_kind)node->kind) {
	case SKEP_NODE_BOOL:
		return SKEP_VALUE_BOOL;
	case SKEP_NODE_UNSIGNED:
	case SKEP_NODE_SIGNED:
	case SKEP_NODE_POINTER:
		return number_kind(node);
	case SKEP_NODE_FLOAT:
		return SKEP_VALUE_DOUBLE;
	default:
		return SKEP_VALUE_TEXT;
	}
}

enum skep_value_kind skep_schema_column_kind(const struct skep_schema *schema, size_t i)
{
	const struct skep_column *column = find_column(schema, i);

	return column ? column->kind : SKEP_VALUE_NONE;
}

static void set_text(struct skep_value *value, const void *data, size_t len)
{
	value->kind = SKEP_VALUE_TEXT;
	value->text.data = data;
	value->text.len = len;
}

static void set_float(const struct skep_node *node, const uint8_t *at, struct skep_value *value)
{
	float narrow;

	value->kind = SKEP_VALUE_DOUBLE;
	memcpy(&narrow, at, sizeof(narrow));
	if (node->size == sizeof(narrow))
		value->d = narrow;
	else
		memcpy(&value->d, at, sizeof(value->d));
}

static void set_number(const struct skep_node *node, const uint8_t *at, struct skep_value *value)
{
	value->kind = number_kind(node);
	if (node->meaning == SKEP_MEANING_PORT)
		value->u = (uint64_t)(at[0] << 8 | at[1]);
	else
		value->u = skep_node_number(node, at);
	if (skep_meaning_is_time(node->meaning))
		value->u += skep_node_clock(node);
}

static void write(const struct skep_schema *schema, uint32_t i, const uint8_t *data, size_t len,
		  struct skep_text *scratch, struct skep_value *value)
{
	const struct skep_node *node = &schema->nodes.items[i];
	size_t start = scratch->len;

	if (node->kind == SKEP_NODE_ARRAY)
		skep_node_write_json(schema->nodes.items, i, data, len, scratch);
	else
		skep_node_write(node, data + node->offset, len - node->offset, false, scratch);
	if (!scratch->failed)
		set_text(value, scratch->data + start, scratch->len - start);
}

/* What has no name is a number. */
static void find_name(const struct skep_node *node, const uint8_t *at, struct skep_text *scratch,
		      struct skep_value *value)
{
	size_t start = scratch->len;

	if (!skep_meaning_name(node, at, scratch))
		set_number(node, at, value);
	else if (!scratch->failed)
		set_text(value, scratch->data + start, scratch->len - start);
}

static void find_text(const struct skep_schema *schema, uint32_t i, const uint8_t *data, size_t len,
		      struct skep_text *scratch, struct skep_value *value)
{
	const struct skep_node *node = &schema->nodes.items[i];
	const char *at = (const char *)data + node->offset;
	const struct skep_enum_value *name;

	if (node->kind == SKEP_NODE_STRING && !node->meaning) {
		set_text(value, at, strnlen(at, node->is_open ? len - node->offset : node->size));
	} else if (node->kind == SKEP_NODE_CHAR && !node->meaning) {
		set_text(value, at, *at != 0);
	} else if (node->kind == SKEP_NODE_ENUM && !node->meaning) {
		name = skep_enum_find(node->names, skep_node_number(node, (const uint8_t *)at));
		if (name)
			set_text(value, name->name, name->len);
		else
			set_number(node, (const uint8_t *)at, value);
	} else if (skep_meaning_is_name(node->meaning)) {
		find_name(node, (const uint8_t *)at, scratch, value);
	} else {
		write(schema, i, data, len, scratch, value);
	}
}

void skep_record_value(const struct skep_schema *schema, size_t column, const void *data,
		       size_t len, struct skep_text *scratch, struct skep_value *value)
{
	const struct skep_column *c = find_column(schema, column);
	const struct skep_node *node = c ? &schema->nodes.items[c->node] : NULL;
	const uint8_t *at;

	if (!value)
		return;
	*value = (struct skep_value){ .kind = SKEP_VALUE_NONE };
	if (!node || !data || !scratch || !skep_node_is_there(node, len))
		return;
	at = (const uint8_t *)data + node->offset;
	if (c->kind == SKEP_VALUE_TEXT) {
		find_text(schema, c->node, data, len, scratch, value);
	} else if (c->kind == SKEP_VALUE_DOUBLE) {
		set_float(node, at, value);
	} else if (c->kind == SKEP_VALUE_BOOL) {
		value->kind = SKEP_VALUE_BOOL;
		value->b = skep_node_number(node, at);
	} else if (skep_node_is_long(node, at)) {
		write(schema, c->node, data, len, scratch, value);
	} else {
		set_number(node, at, value);
	}
}

bool skep_record_number(const struct skep_schema *schema, size_t column, const void *data,
			size_t len, struct skep_value *value)
{
	const struct skep_column *c = find_column(schema, column);
	const struct skep_node *node = c ? &schema->nodes.items[c->node] : NULL;
	const uint8_t *at;

	if (!node || !data || !value || !skep_node_is_there(node, len))
		return false;
	at = (const uint8_t *)data + node->offset;
	if (node->kind == SKEP_NODE_ARRAY || node->kind == SKEP_NODE_STACK ||
	    (c->kind == SKEP_VALUE_TEXT && !node->meaning && node->kind != SKEP_NODE_ENUM))
		return false;
	if (skep_meaning_is_address(node->meaning) || skep_node_is_long(node, at) ||
	    c->kind == SKEP_VALUE_DOUBLE)
		return false;
	set_number(node, at, value);
	return true;
}
