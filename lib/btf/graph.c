// SPDX-License-Identifier: MIT
#include "btf/graph.h"

#include <errno.h>
#include <stdlib.h>

#include "btf/rewrite.h"

/* Counted, summed up, and each put at the end of what its child has so far. */
static void turn_round(struct skep_btf_graph *g)
{
	uint32_t sum = 0;

	for (uint32_t i = 0; i < g->first[g->n]; i++)
		g->first_parent[g->to[i]]++;
	for (uint32_t id = 0; id <= g->n; id++) {
		uint32_t count = g->first_parent[id];

		g->first_parent[id] = sum;
		sum += count;
	}
	for (uint32_t id = 0; id < g->n; id++)
		for (uint32_t i = g->first[id]; i < g->first[id + 1]; i++)
			g->parents[g->first_parent[g->to[i]]++] = id;
	for (uint32_t id = g->n; id > 0; id--)
		g->first_parent[id] = g->first_parent[id - 1];
	g->first_parent[0] = 0;
}

/* The references of all types, one behind the other: how many. */
static uint32_t list(struct skep_btf_graph *g, const struct btf_type *const *types,
		     const uint32_t *alias)
{
	uint32_t len = 0;

	for (uint32_t id = 1; id < g->n; id++) {
		struct skep_btf_refs refs = skep_btf_refs(types[id]);

		g->first[id] = len;
		if (refs.own && g->to)
			g->to[len] = alias[*refs.own];
		len += !!refs.own;
		for (uint32_t i = 0; g->to && i < refs.n_more; i++)
			g->to[len + i] = alias[refs.more[(size_t)i * refs.stride]];
		len += refs.n_more;
	}
	return len;
}

int skep_btf_graph_make(struct skep_btf_graph *g, const struct btf_type *const *types, uint32_t n,
			const uint32_t *alias)
{
	uint32_t len;

	*g = (struct skep_btf_graph){ .n = n };
	g->first = calloc(n + 2ul, sizeof(*g->first));
	g->first_parent = calloc(n + 2ul, sizeof(*g->first_parent));
	len = g->first ? list(g, types, alias) : 0;
	g->to = calloc(len + 1ul, sizeof(*g->to));
	g->parents = calloc(len + 1ul, sizeof(*g->parents));
	if (!g->first || !g->to || !g->first_parent || !g->parents) {
		skep_btf_graph_free(g);
		return -ENOMEM;
	}
	g->first[n] = list(g, types, alias);
	turn_round(g);
	return 0;
}

void skep_btf_graph_free(struct skep_btf_graph *g)
{
	free(g->first);
	free(g->to);
	free(g->first_parent);
	free(g->parents);
	*g = (struct skep_btf_graph){ 0 };
}
