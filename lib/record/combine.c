// SPDX-License-Identifier: MIT
#include "record/combine.h"

#include "base/integer.h"
#include "record/plan.h"

enum action { ADD, SUBTRACT, LOOK };

struct work {
	const struct skep_node *nodes;
	enum action action;
	bool has_counts, is_nothing;
};

static bool is_count(const struct skep_node *node)
{
	if (node->width || node->size > 8 ||
	    (node->kind != SKEP_NODE_UNSIGNED && node->kind != SKEP_NODE_SIGNED))
		return false;
	return !node->meaning || node->meaning == SKEP_MEANING_DURATION ||
	       node->meaning == SKEP_MEANING_BYTES;
}

static bool is_zero(const uint8_t *at, size_t len)
{
	return !len || (!*at && !memcmp(at, at + 1, len - 1));
}

static void act_on_count(struct work *w, uint8_t *into, const uint8_t *from, size_t size)
{
	uint64_t a = skep_int_load(into, size);

	w->has_counts = true;
	w->is_nothing &= !a;
	if (w->action == ADD)
		skep_int_store(into, size, a + skep_int_load(from, size));
	else if (w->action == SUBTRACT)
		skep_int_store(into, size, a - skep_int_load(from, size));
}

static void act_on_leaf(struct work *w, const struct skep_node *node, uint8_t *into,
			const uint8_t *from)
{
	if (is_count(node)) {
		act_on_count(w, into, from, node->size);
	} else if (w->action == ADD && skep_meaning_is_time(node->meaning) && !node->width) {
		if (skep_node_number(node, from) > skep_node_number(node, into))
			memcpy(into, from, node->size);
	} else if (w->action == ADD && is_zero(into, node->size)) {
		memcpy(into, from, node->size);
	}
}

static void act(struct work *w, uint32_t i, uint8_t *into, const uint8_t *from, size_t len)
{
	const struct skep_node *node = &w->nodes[i];
	size_t end = 0;

	if (node->kind != SKEP_NODE_STRUCT && !skep_node_is_there(node, len))
		return;
	if (node->kind == SKEP_NODE_STRUCT) {
		/* Members of a union are the same bytes, which are taken by the first. */
		for (uint32_t m = i + 1; m < node->next; m = w->nodes[m].next) {
			if (w->nodes[m].offset < end)
				continue;
			end = w->nodes[m].offset + w->nodes[m].size;
			act(w, m, into, from, len);
		}
	} else if (node->kind == SKEP_NODE_ARRAY) {
		uint32_t stride = w->nodes[i + 1].size;

		for (uint32_t k = 0; k < node->count && stride; k++) {
			size_t at = node->offset + (size_t)k * stride;

			act(w, i + 1, into + at, from + at, stride);
		}
	} else {
		act_on_leaf(w, node, into + node->offset, from + node->offset);
	}
}

static void act_on_words(struct work *w, uint8_t *into, const uint8_t *from, size_t len)
{
	if (len == 1 || len == 2 || len == 4)
		act_on_count(w, into, from, len);
	for (size_t at = 0; len % 8 == 0 && at < len; at += 8)
		act_on_count(w, into + at, from + at, 8);
}

static void start(struct work *w, const struct skep_schema *schema, void *into, const void *from,
		  size_t len)
{
	if (!schema)
		return act_on_words(w, into, from, len);
	w->nodes = schema->nodes.items;
	act(w, 0, into, from, len);
}

void skep_value_add(const struct skep_schema *schema, void *into, const void *from, size_t len)
{
	struct work w = { .action = ADD };

	start(&w, schema, into, from, len);
}

void skep_value_subtract(const struct skep_schema *schema, void *from, const void *before,
			 size_t len)
{
	struct work w = { .action = SUBTRACT };

	start(&w, schema, from, before, len);
}

bool skep_value_is_nothing(const struct skep_schema *schema, const void *value, size_t len)
{
	struct work w = { .action = LOOK, .is_nothing = true };

	/* Looking writes nothing. */
	start(&w, schema, (void *)(uintptr_t)value, value, len);
	return w.has_counts ? w.is_nothing : is_zero(value, len);
}
