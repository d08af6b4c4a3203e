/* SPDX-License-Identifier: MIT */
/* Maps that stand alone, for tests of what can be done with them. */
#ifndef SKEP_TESTS_KERNEL_MAP_SUPPORT_H
#define SKEP_TESTS_KERNEL_MAP_SUPPORT_H

#include "kernel/support.h"

/* Creates a map. Fails the test if it cannot. */
struct skep_map *new_map(uint32_t type, uint32_t key_size, uint32_t value_size,
			 uint32_t max_entries, uint32_t flags);

/* The same, or NULL when this kernel has no such type or flag, by its own words. */
struct skep_map *new_map_if_known(const struct skep_map_opts *opts);

/* Writes elements 0 to @n - 1 of __u32 keys and __u64 values: each value is three times its key. */
void fill_map(const struct skep_map *map, uint32_t n);

#endif
