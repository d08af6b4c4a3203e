// SPDX-License-Identifier: MIT
/* Names of members in a filter: where they are in a record, and how they are compared. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "record/filter_compile.h"
#include "record/names.h"

#define MOST_NAME 256

/* The node that a name has come to, and where its record or element begins. */
struct place {
	const struct skep_node *node;
	uint32_t base;
	struct skep_node element; /* of a text's characters, which have no node */
};

static bool begins_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* One part of a dotted name; quotes are for names that are words of filters, or hold others. */
static int take_part(struct skep_filter_compiler *c, struct skep_text *name)
{
	const char *begin = c->at;
	bool is_quoted;

	if (*begin == '"' || *begin == '\'')
		return skep_filter_take_value(c, false, name, &is_quoted);
	if (!begins_name(*begin))
		return skep_filter_refuse(c, begin, EINVAL,
					  "write a member's name and what it is: pid == 1",
					  *begin ? "a member's name must be here" :
						   "the filter ends where a member's name must be");
	while (begins_name(*c->at) || (*c->at >= '0' && *c->at <= '9'))
		c->at++;
	skep_text_bytes(name, begin, (size_t)(c->at - begin));
	return name->failed ? skep_error_nomem(c->err, SKEP_STAGE_USAGE) : 0;
}

static int step_into(struct skep_filter_compiler *c, struct place *place)
{
	SKEP_SCOPED(skep_text_free) struct skep_text name = { 0 };
	const struct skep_node *nodes = c->schema->nodes.items, *member;
	const char *begin = c->at;
	char hint[300];
	int ret = take_part(c, &name);

	if (ret)
		return ret;
	if (name.len > MOST_NAME)
		return skep_filter_refuse(c, begin, E2BIG, NULL, "the name is too long");
	if (place->node == nodes && nodes->kind != SKEP_NODE_STRUCT) {
		if (!strcmp(skep_text_string(&name), "value"))
			return 0;
		return skep_filter_refuse(c, begin, ENOENT, "it is called 'value'",
					  "the record has no members");
	}
	if (place->node->kind != SKEP_NODE_STRUCT)
		return skep_filter_refuse(
			c, begin, ENOENT,
			place->node->kind == SKEP_NODE_ARRAY ? "give an element's number: [0]" :
							       NULL,
			"what stands before '.%s' has no members", skep_text_string(&name));
	member = skep_node_find(nodes, (uint32_t)(place->node - nodes), name.data, name.len);
	if (!member) {
		skep_node_suggest(nodes, (uint32_t)(place->node - nodes), skep_text_string(&name),
				  hint, sizeof(hint));
		return skep_filter_refuse(c, begin, ENOENT, hint, "there is no member '%s'",
					  skep_text_string(&name));
	}
	place->node = member;
	return 0;
}

static int take_index(struct skep_filter_compiler *c, uint64_t *index)
{
	const char *begin;

	skep_filter_skip(c);
	begin = c->at;
	*index = 0;
	while (*c->at >= '0' && *c->at <= '9') {
		*index = *index * 10 + (uint64_t)(*c->at++ - '0');
		if (*index > INT32_MAX)
			return skep_filter_refuse(c, begin, ERANGE, NULL,
						  "no array has so many elements");
	}
	if (c->at == begin)
		return skep_filter_refuse(c, begin, EINVAL, NULL,
					  "an element's number must be here");
	if (!skep_filter_take(c, "]"))
		return skep_filter_refuse(c, c->at, EINVAL, NULL, "']' must be here");
	return 0;
}

/* Behind "[". */
static int step_to_element(struct skep_filter_compiler *c, struct place *place)
{
	const struct skep_node *array = place->node;
	bool is_text = array->kind == SKEP_NODE_STRING;
	const char *begin = c->at;
	uint64_t index, at;
	char hint[64];
	int ret;

	if (array->kind != SKEP_NODE_ARRAY && !is_text)
		return skep_filter_refuse(c, begin - 1, EINVAL, NULL,
					  "what stands before '[' is no array");
	ret = take_index(c, &index);
	if (ret)
		return ret;
	snprintf(hint, sizeof(hint), "it has %u, from 0 on", array->count);
	if (!array->is_open && index >= array->count)
		return skep_filter_refuse(c, begin, ERANGE, hint, "there is no such element");
	place->element = (struct skep_node){ .kind = SKEP_NODE_CHAR, .size = 1 };
	place->node = is_text ? &place->element : array + 1;
	at = place->base + array->offset + index * place->node->size;
	if (at > INT32_MAX)
		return skep_filter_refuse(c, begin, ERANGE, NULL, "no record is that long");
	place->base = (uint32_t)at;
	return 0;
}

static uint8_t op_of_number(const struct skep_node *node)
{
	bool is_signed = node->kind == SKEP_NODE_SIGNED ||
			 (node->kind == SKEP_NODE_ENUM && node->names->is_signed);

	switch (node->size) {
	case 1:
		return is_signed ? SKEP_FILTER_S8 : SKEP_FILTER_U8;
	case 2:
		return is_signed ? SKEP_FILTER_S16 : SKEP_FILTER_U16;
	case 4:
		return is_signed ? SKEP_FILTER_S32 : SKEP_FILTER_U32;
	case 8:
		return SKEP_FILTER_U64;
	default:
		return SKEP_FILTER_128;
	}
}

static uint8_t op_of(const struct skep_node *node)
{
	if (node->width)
		return SKEP_FILTER_BITS;
	switch ((enum skep_meaning)node->meaning) {
	case SKEP_MEANING_IPV4:
	case SKEP_MEANING_IPV6:
	case SKEP_MEANING_IP:
		return node->size == 4 ? SKEP_FILTER_BE32 : SKEP_FILTER_BE128;
	case SKEP_MEANING_MAC:
		return SKEP_FILTER_BE48;
	case SKEP_MEANING_PORT:
		return SKEP_FILTER_BE16;
	default:
		break;
	}
	switch ((enum skep_node_kind)node->kind) {
	case SKEP_NODE_STRING:
		return SKEP_FILTER_TEXT;
	case SKEP_NODE_FLOAT:
		return SKEP_FILTER_FLOAT;
	case SKEP_NODE_BYTES:
		return SKEP_FILTER_BYTES;
	case SKEP_NODE_ARRAY:
	case SKEP_NODE_STRUCT:
	case SKEP_NODE_STACK:
		return SKEP_FILTER_ANY;
	default:
		return op_of_number(node);
	}
}

/* Programs keep what helpers return in unsigned members, too; and enums may have a sign. */
static void set_sign(struct skep_node *node)
{
	if (node->meaning == SKEP_MEANING_ERRNO && node->kind == SKEP_NODE_UNSIGNED &&
	    (node->size == 4 || node->size == 8) && !node->width)
		node->kind = SKEP_NODE_SIGNED;
}

/* A bitfield is loaded by its node, which for an enum with a sign says so. */
static int keep_node(struct skep_filter_compiler *c, struct skep_filter_member *member)
{
	struct skep_node *node = skep_arena_alloc(&c->filter->arena, 1, sizeof(*node));

	if (!node)
		return skep_error_nomem(c->err, SKEP_STAGE_USAGE);
	*node = member->node;
	if (node->kind == SKEP_NODE_ENUM)
		node->kind = node->names->is_signed ? SKEP_NODE_SIGNED : SKEP_NODE_UNSIGNED;
	node->names = NULL;
	node->key = NULL;
	member->test.node = node;
	return 0;
}

int skep_filter_take_member(struct skep_filter_compiler *c, struct skep_filter_member *member)
{
	struct place place = { .node = c->schema->nodes.items };
	int ret;

	skep_filter_skip(c);
	*member = (struct skep_filter_member){ .at = c->at };
	ret = step_into(c, &place);
	while (!ret && (*c->at == '.' || *c->at == '['))
		ret = *c->at++ == '.' ? step_into(c, &place) : step_to_element(c, &place);
	if (ret)
		return ret;
	member->len = (size_t)(c->at - member->at);
	member->node = *place.node;
	member->node.offset += place.base;
	set_sign(&member->node);
	member->test = (struct skep_filter_test){ .op = op_of(&member->node),
						  .is_open = member->node.is_open,
						  .offset = member->node.offset,
						  .size = member->node.size };
	return member->node.width ? keep_node(c, member) : 0;
}
