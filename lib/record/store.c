// SPDX-License-Identifier: MIT
#include "record/store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/near.h"
#include "record/number.h"

/* The name that is spelled most alike. */
static const char *nearest(const struct skep_node *node, const char *text)
{
	const char *near = NULL;
	unsigned int least = 4;

	for (size_t i = 0; i < node->names->len; i++) {
		const char *name = node->names->values[i].name;
		unsigned int distance = skep_name_distance(name, text);

		if (distance < least && distance * 2 < strlen(text)) {
			least = distance;
			near = name;
		}
	}
	return near;
}

/* That one, or the first names of a long list. */
static int unknown_name(const struct skep_node *node, const struct skep_json_scan *s,
			const char *at, const char *text, size_t len)
{
	char hint[300] = "give a number or one of:";
	size_t used = strlen(hint);
	char start[48];
	const char *near;

	snprintf(start, sizeof(start), "%.*s", (int)(len < 47 ? len : 47), text);
	near = nearest(node, start);
	if (near)
		snprintf(hint, sizeof(hint), "did you mean '%s'?", near);
	for (size_t i = 0; !near && i < node->names->len; i++) {
		const struct skep_enum_value *value = &node->names->values[i];

		if (used + value->len + 6 > sizeof(hint)) {
			snprintf(hint + used, sizeof(hint) - used, " ...");
			break;
		}
		used += (size_t)snprintf(hint + used, sizeof(hint) - used, " %s", value->name);
	}
	return skep_json_refuse(s, at, EINVAL, hint, "'%.*s' is not its value",
				(int)(len < 48 ? len : 48), text);
}

static int store_enum(const struct skep_node *node, const struct skep_json_scan *s, const char *at,
		      const struct skep_text *text, uint8_t *to)
{
	for (size_t i = 0; i < node->names->len; i++) {
		const struct skep_enum_value *value = &node->names->values[i];

		if (value->len != text->len || memcmp(value->name, text->data, text->len) != 0)
			continue;
		skep_number_store(node, to, value->value);
		return 0;
	}
	if (!skep_number_is_one(text->data, text->len))
		return unknown_name(node, s, at, text->data, text->len);
	return skep_number_read(node, s, at, text->data, text->len, true, to);
}

/* What is behind the text is zero; a text that fills all has no NUL, as names in the kernel. */
static int store_string(const struct skep_node *node, const struct skep_json_scan *s,
			const char *at, const struct skep_text *text, uint8_t *to, size_t left)
{
	size_t room = node->is_open ? left : node->size;
	char hint[64];

	if (text->len > room) {
		snprintf(hint, sizeof(hint), "there is room for %zu", room);
		return skep_json_refuse(s, at, ERANGE, hint, "the string has %zu bytes", text->len);
	}
	memset(to, 0, room);
	if (text->len)
		memcpy(to, text->data, text->len);
	return 0;
}

static int store_bytes(const struct skep_node *node, const struct skep_json_scan *s, const char *at,
		       const struct skep_text *text, uint8_t *to)
{
	char hint[64];
	size_t i = 0;

	for (; i < text->len && text->len == node->size * 2ull; i += 2) {
		unsigned int high = skep_number_digit(text->data[i]),
			     low = skep_number_digit(text->data[i + 1]);

		if (high > 15 || low > 15)
			break;
		to[i / 2] = (uint8_t)(high << 4 | low);
	}
	if (i == node->size * 2ull)
		return 0;
	snprintf(hint, sizeof(hint), "give a string of %u hexadecimal digits", node->size * 2);
	return skep_json_refuse(s, at, EINVAL, hint, "these are not its bytes");
}

static int store_char(const struct skep_node *node, const struct skep_json_scan *s, const char *at,
		      const struct skep_text *text, uint8_t *to)
{
	if (text->len > 1)
		return skep_json_refuse(s, at, ERANGE, skep_node_wanted(node),
					"the string has %zu bytes", text->len);
	*to = text->len ? (uint8_t)*text->data : 0;
	return 0;
}

static int read_string(const struct skep_node *node, struct skep_json_scan *s, uint8_t *at,
		       size_t left)
{
	SKEP_SCOPED(skep_text_free) struct skep_text text = { 0 };
	const char *begin = s->at;
	int ret = skep_json_string(s, &text);

	if (ret)
		return ret;
	if (node->meaning)
		return skep_meaning_read(node, s, begin, &text, true, at);
	switch ((enum skep_node_kind)node->kind) {
	case SKEP_NODE_STRING:
		return store_string(node, s, begin, &text, at, left);
	case SKEP_NODE_CHAR:
		return store_char(node, s, begin, &text, at);
	case SKEP_NODE_BYTES:
		return store_bytes(node, s, begin, &text, at);
	case SKEP_NODE_ENUM:
		return store_enum(node, s, begin, &text, at);
	case SKEP_NODE_UNSIGNED:
	case SKEP_NODE_SIGNED:
	case SKEP_NODE_POINTER:
		return skep_number_read(node, s, begin, skep_text_string(&text), text.len, true,
					at);
	default:
		return skep_json_refuse(s, begin, EINVAL, skep_node_wanted(node),
					"a string is no value here");
	}
}

/* With the point that this thread's locale has, since strtod(3) wants that. */
static int store_float(const struct skep_node *node, const struct skep_json_scan *s,
		       const char *text, size_t len, uint8_t *at)
{
	char copy[64], half[8];
	char *end = copy;
	double wide = 0;
	float narrow;

	snprintf(half, sizeof(half), "%.1f", 0.5);
	if (len < sizeof(copy)) {
		snprintf(copy, sizeof(copy), "%.*s", (int)len, text);
		/* No names, and nothing hexadecimal. */
		copy[strspn(copy, "+-.eE0123456789")] = '\0';
		for (char *c = copy; *c; c++)
			*c = *c == '.' ? half[1] : *c;
		wide = strlen(copy) == len ? strtod(copy, &end) : 0;
	}
	if (end == copy || *end)
		return skep_json_refuse(s, text, EINVAL, skep_node_wanted(node),
					"'%.*s' is not its value", (int)(len < 48 ? len : 48),
					text);
	narrow = (float)wide;
	if (node->size == sizeof(narrow))
		memcpy(at, &narrow, sizeof(narrow));
	else
		memcpy(at, &wide, sizeof(wide));
	return 0;
}

static bool is_word(const char *text, size_t len, const char *word)
{
	return len == strlen(word) && !memcmp(text, word, len);
}

/* null leaves what is there. */
static int read_token(const struct skep_node *node, struct skep_json_scan *s, uint8_t *at)
{
	const char *text;
	size_t len;
	int ret = skep_json_token(s, &text, &len);

	if (ret || is_word(text, len, "null"))
		return ret;
	if (node->meaning)
		return skep_meaning_read(node, s, text,
					 &(struct skep_text){ .data = (char *)text, .len = len },
					 false, at);
	if (node->kind == SKEP_NODE_BOOL) {
		bool is_true = is_word(text, len, "true") || is_word(text, len, "1");

		if (!is_true && !is_word(text, len, "false") && !is_word(text, len, "0"))
			return skep_json_refuse(s, text, EINVAL, skep_node_wanted(node),
						"'%.*s' is not its value",
						(int)(len < 48 ? len : 48), text);
		skep_number_store(node, at, is_true);
		return 0;
	}
	if (node->kind == SKEP_NODE_FLOAT)
		return store_float(node, s, text, len, at);
	if (node->kind == SKEP_NODE_STRING || node->kind == SKEP_NODE_BYTES)
		return skep_json_refuse(s, text, EINVAL, "give a string", "it is no string");
	return skep_number_read(node, s, text, text, len, false, at);
}

int skep_node_read(const struct skep_node *node, struct skep_json_scan *s, uint8_t *at, size_t left)
{
	if (node->kind == SKEP_NODE_STACK)
		return skep_json_refuse(s, s->at, EINVAL, "leave it out, or give null",
					"a stack is not read from text");
	switch (skep_json_peek(s)) {
	case SKEP_JSON_STRING:
		return read_string(node, s, at, left);
	case SKEP_JSON_NUMBER:
	case SKEP_JSON_WORD:
		return read_token(node, s, at);
	case SKEP_JSON_END:
		return skep_json_refuse(s, s->at, EINVAL, skep_node_wanted(node),
					"a value is missing");
	default:
		return skep_json_refuse(s, s->at, EINVAL, skep_node_wanted(node),
					"this is not its value");
	}
}
