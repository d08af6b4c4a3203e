/* SPDX-License-Identifier: MIT */
/* Types as a graph: which refers to which, in both directions. */
#ifndef SKEP_BTF_GRAPH_H
#define SKEP_BTF_GRAPH_H

#include <skep/btf.h>

struct skep_btf_graph {
	uint32_t n;
	/* Those of id are to[first[id]] up to to[first[id + 1]], in the order of the type. */
	uint32_t *first, *to;
	uint32_t *first_parent, *parents;
};

/* References to a type go to alias[type]. 0 or -ENOMEM. */
int skep_btf_graph_make(struct skep_btf_graph *graph, const struct btf_type *const *types,
			uint32_t n, const uint32_t *alias);
void skep_btf_graph_free(struct skep_btf_graph *graph);

static inline uint32_t skep_btf_graph_n(const struct skep_btf_graph *graph, uint32_t id)
{
	return graph->first[id + 1] - graph->first[id];
}

#endif
