// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "btf/numbers.h"
#include "btf/partition.h"

/*
 * Nearly all types are told apart by what is as many steps away. That their number is even brings
 * the hashes back to where they were.
 */
#define STEPS 6

/* Hashes of what each type can reach. */
static void look_further(const struct skep_btf_graph *g, uint64_t *hashes, uint64_t *next)
{
	for (int step = 0; step < STEPS; step++) {
		uint64_t *swap = hashes;

		for (uint32_t id = 0; id < g->n; id++) {
			uint64_t hash = skep_btf_mix(0, hashes[id]);

			for (uint32_t i = g->first[id]; i < g->first[id + 1]; i++)
				hash = skep_btf_mix(hash, hashes[g->to[i]]);
			next[id] = hash;
		}
		hashes = next;
		next = swap;
	}
}

/* Sets as they were, and the first type of each new one. */
struct renaming {
	struct skep_btf_numbers numbers;
	uint32_t *was, *first, n_sets;
};

/* The new set of a type: that of the first one with its hash that was in its set at the start. */
static uint32_t renumber(struct renaming *r, uint32_t id, uint64_t hash)
{
	uint32_t *number;

	for (;; hash += 2) {
		number = skep_btf_number(&r->numbers, hash | 1);
		if (!*number) {
			r->first[r->n_sets] = id;
			*number = ++r->n_sets;
		}
		if (r->was[r->first[*number - 1]] == r->was[id])
			return *number - 1;
	}
}

static uint32_t split(struct renaming *r, const struct skep_btf_graph *graph, uint32_t *set,
		      uint64_t *hashes)
{
	memcpy(r->was, set, graph->n * sizeof(*set));
	for (uint32_t id = 0; id < graph->n; id++)
		hashes[id] = skep_btf_mix(0, set[id]);
	look_further(graph, hashes, hashes + graph->n);
	for (uint32_t id = 0; id < graph->n; id++)
		set[id] = renumber(r, id, hashes[id]);
	return r->n_sets;
}

int skep_btf_split_by_hash(const struct skep_btf_graph *graph, uint32_t *set, uint32_t *n_sets)
{
	uint64_t *hashes = calloc(2ul * graph->n + 1, sizeof(*hashes));
	uint32_t *words = calloc(2ul * graph->n + 1, sizeof(*words));
	struct renaming r = { .was = words, .first = words ? words + graph->n : NULL };
	int ret = hashes && words ? skep_btf_numbers_make(&r.numbers, graph->n) : -ENOMEM;

	if (!ret) {
		*n_sets = split(&r, graph, set, hashes);
		skep_btf_numbers_free(&r.numbers);
	}
	free(hashes);
	free(words);
	return ret;
}
