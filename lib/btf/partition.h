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

#endif
