// SPDX-License-Identifier: MIT
/* Values in values as JSON: what stands in arrays. */
#include "record/plan.h"

static void write_members(const struct skep_node *nodes, uint32_t i, const uint8_t *base,
			  size_t len, struct skep_text *out)
{
	uint32_t first = i + 1;

	skep_text_char(out, '{');
	for (uint32_t m = first; m < nodes[i].next; m = nodes[m].next) {
		if (m != first)
			skep_text_char(out, ',');
		skep_text_bytes(out, nodes[m].key, nodes[m].key_len);
		skep_node_write_json(nodes, m, base, len, out);
	}
	skep_text_char(out, '}');
}

/* As many elements as there are bytes for: all of them, or what follows in a short record. */
static void write_elements(const struct skep_node *nodes, uint32_t i, const uint8_t *base,
			   size_t len, struct skep_text *out)
{
	const struct skep_node *array = &nodes[i];
	uint32_t stride = nodes[i + 1].size;
	size_t left = len - array->offset;
	size_t n = array->is_open ? left / stride : array->count;

	skep_text_char(out, '[');
	for (size_t k = 0; k < n; k++) {
		if (k)
			skep_text_char(out, ',');
		skep_node_write_json(nodes, i + 1, base + array->offset + k * stride, stride, out);
	}
	skep_text_char(out, ']');
}

/* A struct that is cut off has the members that are there, and the others as null. */
void skep_node_write_json(const struct skep_node *nodes, uint32_t i, const uint8_t *base,
			  size_t len, struct skep_text *out)
{
	const struct skep_node *node = &nodes[i];

	if (node->kind == SKEP_NODE_STRUCT)
		write_members(nodes, i, base, len, out);
	else if (!skep_node_is_there(node, len))
		skep_text_lit(out, "null");
	else if (node->kind == SKEP_NODE_ARRAY)
		write_elements(nodes, i, base, len, out);
	else
		skep_node_write(node, base + node->offset, len - node->offset, true, out);
}
