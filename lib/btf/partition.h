/* SPDX-License-Identifier: MIT */
/*
 * Sets of types that may be equal, split until all members of each refer to the same sets: the
 * coarsest partition that is stable, as a minimal automaton is found (Hopcroft). What is split off
 * is never more than half, so that a type is looked at again log(n) times at most.
 */
#ifndef SKEP_BTF_PARTITION_H
#define SKEP_BTF_PARTITION_H

#include "btf/graph.h"

/*
 * set[id] is the set of each type, one of @n_sets, before and after. All members of a set must
 * have the same number of references. 0 or -ENOMEM.
 */
int skep_btf_partition(const struct skep_btf_graph *graph, uint32_t *set, uint32_t n_sets);

/*
 * Splits all sets at once by hashes of what members can reach. Members that differ and have one
 * hash stay together, for the others to find; those that do not differ always do. 0 or -ENOMEM.
 */
int skep_btf_split_by_hash(const struct skep_btf_graph *graph, uint32_t *set, uint32_t *n_sets);

static inline uint64_t skep_btf_mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * 0x9e3779b97f4a7c15ull;
	return hash ^ hash >> 29;
}

#endif
