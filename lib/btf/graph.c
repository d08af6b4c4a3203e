// SPDX-License-Identifier: MIT
#include "btf/graph.h"

#include <errno.h>
#include <stdlib.h>

#include "btf/rewrite.h"

struct filling {
	struct skep_btf_graph *graph;
	const uint32_t *alias;
	uint32_t len;
};

static uint32_t count_edge(void *ctx, uint32_t id)
{
	struct filling *f = ctx;

	f->len++;
	return id;
}

static uint32_t add_edge(void *ctx, uint32_t id)
{
	struct filling *f = ctx;

	f->graph->to[f->len++] = f->alias[id];
	return id;
}

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

int skep_btf_graph_make(struct skep_btf_graph *g, const struct btf_type *const *types, uint32_t n,
			const uint32_t *alias)
{
	struct filling f = { .graph = g, .alias = alias };
	const struct skep_btf_rewrite count = { .id = count_edge, .ctx = &f };
	const struct skep_btf_rewrite add = { .id = add_edge, .ctx = &f };

	*g = (struct skep_btf_graph){ .n = n };
	for (uint32_t id = 1; id < n; id++)
		skep_btf_look(&count, types[id]);
	g->first = calloc(n + 2ul, sizeof(*g->first));
	g->first_parent = calloc(n + 2ul, sizeof(*g->first_parent));
	g->to = calloc(f.len + 1ul, sizeof(*g->to));
	g->parents = calloc(f.len + 1ul, sizeof(*g->parents));
	if (!g->first || !g->to || !g->first_parent || !g->parents) {
		skep_btf_graph_free(g);
		return -ENOMEM;
	}
	f.len = 0;
	for (uint32_t id = 1; id < n; id++) {
		g->first[id] = f.len;
		skep_btf_look(&add, types[id]);
	}
	g->first[n] = f.len;
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
