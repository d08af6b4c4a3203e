// SPDX-License-Identifier: MIT
#include "record/names.h"

#include <stdio.h>

#include "base/cleanup.h"
#include "base/near.h"

const struct skep_node *skep_node_find(const struct skep_node *nodes, uint32_t i, const char *name,
				       size_t len)
{
	SKEP_SCOPED(skep_text_free) struct skep_text quoted = { 0 };

	/* A key is the name as JSON has it, with its quotes and a colon. */
	skep_text_json_string(&quoted, name ?: "", len);
	if (quoted.failed)
		return NULL;
	for (uint32_t m = i + 1; m < nodes[i].next; m = nodes[m].next)
		if (quoted.len + 1 == nodes[m].key_len &&
		    !memcmp(nodes[m].key, quoted.data, quoted.len))
			return &nodes[m];
	return NULL;
}

void skep_node_suggest(const struct skep_node *nodes, uint32_t i, const char *name, char *hint,
		       size_t size)
{
	const struct skep_node *near = NULL;
	unsigned int least = 4;
	size_t len;

	for (uint32_t m = i + 1; m < nodes[i].next; m = nodes[m].next) {
		char member[64];
		unsigned int distance;

		snprintf(member, sizeof(member), "%.*s", (int)nodes[m].key_len - 3,
			 nodes[m].key + 1);
		distance = skep_name_distance(member, name);
		if (distance < least && distance * 2 <= strlen(name)) {
			least = distance;
			near = &nodes[m];
		}
	}
	if (near) {
		snprintf(hint, size, "did you mean '%.*s'?", (int)near->key_len - 3, near->key + 1);
		return;
	}
	len = (size_t)snprintf(hint, size, "it has:");
	for (uint32_t m = i + 1; m < nodes[i].next; m = nodes[m].next) {
		if (len + nodes[m].key_len + 6 > size) {
			snprintf(hint + len, size - len, " ...");
			break;
		}
		len += (size_t)snprintf(hint + len, size - len, " %.*s", (int)nodes[m].key_len - 3,
					nodes[m].key + 1);
	}
}
