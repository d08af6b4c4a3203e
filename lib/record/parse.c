// SPDX-License-Identifier: MIT
/* JSON to a record: the plan that writes it, the other way round. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "record/names.h"
#include "record/store.h"

static int read_node(const struct skep_node *nodes, uint32_t i, struct skep_json_scan *s,
		     uint8_t *base, size_t len);

static int unknown_member(const struct skep_node *nodes, uint32_t i, struct skep_json_scan *s,
			  const char *at, struct skep_text *name)
{
	char hint[300];

	skep_node_suggest(nodes, i, skep_text_string(name), hint, sizeof(hint));
	return skep_json_refuse(s, at, ENOENT, hint, "there is no member '%s'",
				skep_text_string(name));
}

static int read_member(const struct skep_node *nodes, uint32_t i, struct skep_json_scan *s,
		       uint8_t *base, size_t len)
{
	SKEP_SCOPED(skep_text_free) struct skep_text name = { 0 };
	const struct skep_node *member;
	size_t path_len = s->path->len;
	const char *at;
	int ret;

	skep_json_peek(s);
	at = s->at;
	ret = skep_json_string(s, &name);
	if (ret)
		return ret;
	member = skep_node_find(nodes, i, name.data, name.len);
	if (!member)
		return unknown_member(nodes, i, s, at, &name);
	skep_text_str(s->path, path_len ? "." : "");
	skep_text_bytes(s->path, name.data, name.len);
	ret = skep_json_expect(s, ':') ?:
					 read_node(nodes, (uint32_t)(member - nodes), s, base, len);
	s->path->len = ret ? s->path->len : path_len;
	return ret;
}

static int read_members(const struct skep_node *nodes, uint32_t i, struct skep_json_scan *s,
			uint8_t *base, size_t len)
{
	int ret = skep_json_expect(s, '{');

	if (ret || skep_json_take(s, '}'))
		return ret;
	do
		ret = read_member(nodes, i, s, base, len);
	while (!ret && skep_json_take(s, ','));
	return ret ?: skep_json_expect(s, '}');
}

/* Fewer elements leave the others as they are. */
static int read_elements(const struct skep_node *nodes, uint32_t i, struct skep_json_scan *s,
			 uint8_t *base, size_t len)
{
	const struct skep_node *array = &nodes[i];
	uint32_t stride = nodes[i + 1].size;
	size_t room = array->is_open ? (len - array->offset) / stride : array->count;
	size_t path_len = s->path->len;
	int ret = skep_json_expect(s, '[');

	if (ret || skep_json_take(s, ']'))
		return ret;
	for (size_t k = 0; !ret; k++) {
		char hint[48];

		snprintf(hint, sizeof(hint), "there is room for %zu", room);
		skep_json_peek(s);
		if (k >= room)
			return skep_json_refuse(s, s->at, ERANGE, hint,
						"there are too many elements");
		skep_text_printf(s->path, "[%zu]", k);
		ret = read_node(nodes, i + 1, s, base + array->offset + k * stride, stride);
		s->path->len = ret ? s->path->len : path_len;
		if (!ret && !skep_json_take(s, ','))
			break;
	}
	return ret ?: skep_json_expect(s, ']');
}

static bool is_null(struct skep_json_scan *s)
{
	struct skep_json_scan ahead = *s;
	const char *text;
	size_t len;

	if (skep_json_peek(&ahead) != SKEP_JSON_WORD || skep_json_token(&ahead, &text, &len) ||
	    len != 4 || memcmp(text, "null", 4) != 0)
		return false;
	*s = ahead;
	return true;
}

/* A text of characters may be given as their numbers too, which is how all bytes can be. */
static int read_characters(const struct skep_node *node, struct skep_json_scan *s, uint8_t *base,
			   size_t len)
{
	const struct skep_node pair[2] = {
		{ .kind = SKEP_NODE_ARRAY,
		  .is_open = node->is_open,
		  .offset = node->offset,
		  .size = node->size,
		  .next = 2,
		  .count = node->count },
		{ .kind = SKEP_NODE_CHAR, .size = 1, .next = 2 },
	};

	return read_elements(pair, 0, s, base, len);
}

static int read_node(const struct skep_node *nodes, uint32_t i, struct skep_json_scan *s,
		     uint8_t *base, size_t len)
{
	const struct skep_node *node = &nodes[i];

	if (is_null(s))
		return 0;
	if (node->kind == SKEP_NODE_STRUCT)
		return read_members(nodes, i, s, base, len);
	if (!skep_node_is_there(node, len))
		return skep_json_refuse(s, s->at, ERANGE, NULL, "the record ends before it");
	if (node->kind == SKEP_NODE_ARRAY)
		return read_elements(nodes, i, s, base, len);
	if (node->kind == SKEP_NODE_STRING && skep_json_peek(s) == SKEP_JSON_ARRAY)
		return read_characters(node, s, base, len);
	return skep_node_read(node, s, base + node->offset, len - node->offset);
}

/* What is no struct may stand as skep_record_write_json() writes it: {"value":...}. */
static int read_record(const struct skep_node *nodes, struct skep_json_scan *s, uint8_t *out,
		       size_t len)
{
	SKEP_SCOPED(skep_text_free) struct skep_text name = { 0 };
	int ret;

	if (nodes[0].kind == SKEP_NODE_STRUCT || skep_json_peek(s) != SKEP_JSON_OBJECT)
		return read_node(nodes, 0, s, out, len);
	s->at++;
	skep_json_peek(s);
	ret = skep_json_string(s, &name);
	if (!ret && strcmp(skep_text_string(&name), "value") != 0)
		ret = skep_json_refuse(s, s->at, EINVAL, "give the bare value, or {\"value\":...}",
				       "its type has no members");
	return ret					?:
		       skep_json_expect(s, ':')		?:
		       read_node(nodes, 0, s, out, len) ?:
							  skep_json_expect(s, '}');
}

int skep_record_read_json(const struct skep_schema *schema, const char *text, size_t len,
			  const char *source, void *out, size_t size, struct skep_error *err)
{
	SKEP_SCOPED(skep_text_free) struct skep_text path = { 0 };
	struct skep_json_scan s = { .at = text,
				    .begin = text,
				    .end = text + len,
				    .source = source ?: "JSON",
				    .path = &path,
				    .err = err };
	int ret;

	if (!schema || !text || !out)
		return skep_error_null(err, SKEP_STAGE_USAGE,
				       !schema ? "schema" :
				       !text   ? "text" :
						 "record");
	if (size < schema->size)
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "there is room for %zu bytes, and the record has %zu", size,
				      schema->size);
	ret = read_record(schema->nodes.items, &s, out, size);
	if (!ret && skep_json_peek(&s) != SKEP_JSON_END)
		ret = skep_json_refuse(&s, s.at, EINVAL, NULL, "something follows the value");
	return ret;
}
