/* SPDX-License-Identifier: MIT */
/*
 * skep/map.h - one map of a loaded object.
 *
 * Belongs to its object and lives as long. Keys and values are bytes in this machine's order, of
 * the sizes that skep_map_key_size() and skep_map_value_size() tell; a per-CPU map's value is one
 * value, rounded up to 8 bytes, for each possible CPU.
 */
#ifndef SKEP_MAP_H
#define SKEP_MAP_H

#include <skep/spec.h>

#ifdef __cplusplus
extern "C" {
#endif

struct skep_map;

const char *skep_map_name(const struct skep_map *map);
const struct skep_map_spec *skep_map_spec(const struct skep_map *map);
int skep_map_fd(const struct skep_map *map);	    /* owned by the object; -1: not created */
uint32_t skep_map_type(const struct skep_map *map); /* as created: sizes may have been fitted */
uint32_t skep_map_key_size(const struct skep_map *map);
uint32_t skep_map_value_size(const struct skep_map *map);
uint32_t skep_map_max_entries(const struct skep_map *map);

/* Bytes that a look-up writes: the value size, or that of all possible CPUs together. */
size_t skep_map_lookup_size(const struct skep_map *map);

/*
 * Each returns 0 or -errno: ENOENT no such key, E2BIG full or index out of range, EEXIST with
 * BPF_NOEXIST, EPERM a frozen or read-only map.
 */
int skep_map_lookup(const struct skep_map *map, const void *key, void *value,
		    struct skep_error *err);
int skep_map_update(const struct skep_map *map, const void *key, const void *value, uint64_t flags,
		    struct skep_error *err);
int skep_map_delete(const struct skep_map *map, const void *key, struct skep_error *err);

/* The key after @key (NULL: the first). ENOENT after the last. */
int skep_map_next_key(const struct skep_map *map, const void *key, void *next,
		      struct skep_error *err);

#ifdef __cplusplus
}
#endif

#endif
