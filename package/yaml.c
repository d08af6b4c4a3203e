// SPDX-License-Identifier: MIT
/*
 * YAML as the JSON that it stands for: one document, with keys that are texts. Aliases are taken,
 * and what they stand for is counted each time: a few lines can stand for billions of values.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "package/read_parts.h"

#define NODES 100000u

struct anchor {
	char *name;
	json_t *value; /* NULL: it is not complete, and cannot be referred to */
	size_t n_nodes, depth;
};

struct reader {
	yaml_parser_t parser;
	struct skep_error *err;
	struct skep_vec(struct anchor) anchors;
	size_t n_nodes;
};

/* A value with what it costs. */
struct node {
	json_t *value;
	size_t depth; /* of what is in it */
};

static int wrong(const struct reader *r, const yaml_mark_t *at, const char *what)
{
	return skep_error_set(r->err, SKEP_STAGE_READ, EINVAL,
			      "it is no YAML for a package: line %zu, column %zu: %s", at->line + 1,
			      at->column + 1, what);
}

static int next_event(struct reader *r, yaml_event_t *event)
{
	if (yaml_parser_parse(&r->parser, event))
		return 0;
	if (r->parser.error == YAML_MEMORY_ERROR)
		return skep_error_nomem(r->err, SKEP_STAGE_READ);
	return wrong(r, &r->parser.problem_mark,
		     r->parser.problem ? r->parser.problem : "it is damaged");
}

static json_t *number(const char *text)
{
	char *end;

	errno = 0;
	if (text[strspn(text, "+-0123456789")] == '\0') {
		long long value = strtoll(text, &end, 10);

		return *end || errno || end == text ? NULL : json_integer(value);
	}
	if (text[strspn(text, "+-.0123456789eE")] == '\0' && strpbrk(text, "0123456789")) {
		double value = strtod(text, &end);

		return *end || errno ? NULL : json_real(value);
	}
	return NULL;
}

/* What is not quoted may be no text: the core schema of YAML 1.2. */
static json_t *scalar(const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value;
	size_t len = event->data.scalar.length;
	json_t *value = NULL;

	if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && len < 32) {
		if (!len || !strcmp(text, "~") || !strcasecmp(text, "null"))
			return json_null();
		if (!strcasecmp(text, "true") || !strcasecmp(text, "false"))
			return json_boolean(tolower((unsigned char)*text) == 't');
		value = number(text);
	}
	return value ? value : json_stringn(text, len);
}

static int read_node(struct reader *r, const yaml_event_t *event, size_t depth, struct node *node);

static int count(struct reader *r, const yaml_mark_t *at, size_t n)
{
	r->n_nodes += n;
	return r->n_nodes > NODES ?
		       wrong(r, at, "with its aliases followed it has more than 100000 values") :
		       0;
}

static int read_sequence(struct reader *r, size_t depth, struct node *node)
{
	int ret = 0;

	for (bool more = true; more && !ret;) {
		struct node element = { 0 };
		yaml_event_t event;

		ret = next_event(r, &event);
		if (ret)
			return ret;
		more = event.type != YAML_SEQUENCE_END_EVENT;
		ret = more ? read_node(r, &event, depth + 1, &element) : 0;
		yaml_event_delete(&event);
		if (ret || !more)
			continue;
		node->depth = element.depth + 1 > node->depth ? element.depth + 1 : node->depth;
		if (json_array_append_new(node->value, element.value))
			ret = skep_error_nomem(r->err, SKEP_STAGE_READ);
	}
	return ret;
}

static int read_value(struct reader *r, const yaml_event_t *key, size_t depth, struct node *node)
{
	struct node value = { 0 };
	yaml_event_t event;
	int ret;

	if (key->type != YAML_SCALAR_EVENT)
		return wrong(r, &key->start_mark, "a key is no text");
	ret = next_event(r, &event);
	if (ret)
		return ret;
	ret = read_node(r, &event, depth + 1, &value);
	yaml_event_delete(&event);
	if (ret)
		return ret;
	node->depth = value.depth + 1 > node->depth ? value.depth + 1 : node->depth;
	if (json_object_setn_new(node->value, (const char *)key->data.scalar.value,
				 key->data.scalar.length, value.value))
		return wrong(r, &key->start_mark, "a key is no text in UTF-8");
	return 0;
}

static int read_mapping(struct reader *r, size_t depth, struct node *node)
{
	int ret = 0;

	for (bool more = true; more && !ret;) {
		yaml_event_t key;

		ret = next_event(r, &key);
		if (ret)
			return ret;
		more = key.type != YAML_MAPPING_END_EVENT;
		ret = more ? count(r, &key.start_mark, 1) ?: read_value(r, &key, depth, node) : 0;
		yaml_event_delete(&key);
	}
	return ret;
}

static int read_alias(struct reader *r, const yaml_event_t *event, size_t depth, struct node *node)
{
	const char *name = (const char *)event->data.alias.anchor;

	/* The last one of a name counts. */
	for (size_t i = r->anchors.len; i--;) {
		const struct anchor *a = &r->anchors.items[i];

		if (strcmp(a->name, name))
			continue;
		if (!a->value)
			return wrong(r, &event->start_mark,
				     "an alias is part of what it stands for");
		if (depth + a->depth > SKEP_TREE_DEPTH)
			return wrong(r, &event->start_mark, "it is nested too deep");
		*node = (struct node){ json_incref(a->value), a->depth };
		return count(r, &event->start_mark, a->n_nodes);
	}
	return wrong(r, &event->start_mark, "an alias stands for nothing");
}

static int add_anchor(struct reader *r, const yaml_char_t *name, size_t *index)
{
	struct anchor *anchor;

	*index = SIZE_MAX;
	if (!name)
		return 0;
	anchor = r->anchors.len < SKEP_TREE_LIST ? skep_vec_push(&r->anchors) : NULL;
	if (!anchor)
		return skep_error_set(r->err, SKEP_STAGE_READ, E2BIG,
				      "the YAML has more than %u anchors", SKEP_TREE_LIST);
	*index = r->anchors.len - 1;
	anchor->name = strdup((const char *)name);
	return anchor->name ? 0 : skep_error_nomem(r->err, SKEP_STAGE_READ);
}

static int read_content(struct reader *r, const yaml_event_t *event, size_t depth,
			struct node *node, size_t *anchor)
{
	int ret;

	switch (event->type) {
	case YAML_SCALAR_EVENT:
		ret = add_anchor(r, event->data.scalar.anchor, anchor);
		node->value = ret ? NULL : scalar(event);
		if (!ret && !node->value)
			ret = wrong(r, &event->start_mark, "a text is not UTF-8");
		return ret;
	case YAML_SEQUENCE_START_EVENT:
		ret = add_anchor(r, event->data.sequence_start.anchor, anchor);
		node->value = json_array();
		return ret ?: read_sequence(r, depth, node);
	case YAML_MAPPING_START_EVENT:
		ret = add_anchor(r, event->data.mapping_start.anchor, anchor);
		node->value = json_object();
		return ret ?: read_mapping(r, depth, node);
	default:
		return wrong(r, &event->start_mark, "there is no value");
	}
}

static int read_node(struct reader *r, const yaml_event_t *event, size_t depth, struct node *node)
{
	size_t anchor = SIZE_MAX, before = r->n_nodes;
	int ret = count(r, &event->start_mark, 1);

	if (!ret && depth > SKEP_TREE_DEPTH)
		ret = wrong(r, &event->start_mark, "it is nested too deep");
	if (ret)
		return ret;
	if (event->type == YAML_ALIAS_EVENT) {
		ret = read_alias(r, event, depth, node);
	} else {
		ret = read_content(r, event, depth, node, &anchor);
		if (!ret && anchor != SIZE_MAX) {
			struct anchor *a = &r->anchors.items[anchor];

			a->value = json_incref(node->value);
			a->n_nodes = r->n_nodes - before;
			a->depth = node->depth;
		}
	}
	if (ret) {
		json_decref(node->value);
		node->value = NULL;
	}
	return ret;
}

static int read_document(struct reader *r, json_t **json)
{
	struct node node = { 0 };
	yaml_event_t event;

	/* The stream's and the document's beginnings come first. */
	for (;;) {
		bool is_start;
		int ret = next_event(r, &event);

		if (ret)
			return ret;
		is_start = event.type == YAML_STREAM_START_EVENT ||
			   event.type == YAML_DOCUMENT_START_EVENT;
		if (!is_start)
			ret = read_node(r, &event, 0, &node);
		yaml_event_delete(&event);
		if (is_start)
			continue;
		*json = node.value;
		return ret;
	}
}

int skep_yaml_parse(const char *text, size_t len, json_t **json, struct skep_error *err)
{
	struct reader r = { .err = err };
	int ret;

	*json = NULL;
	if (!yaml_parser_initialize(&r.parser))
		return skep_error_nomem(err, SKEP_STAGE_READ);
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, len);
	ret = read_document(&r, json);
	yaml_parser_delete(&r.parser);
	skep_vec_for_each(&r.anchors, anchor) {
		free(anchor->name);
		json_decref(anchor->value);
	}
	skep_vec_free(&r.anchors);
	return ret;
}
