/* SPDX-License-Identifier: MIT */
/* What the kernel's map types have in common and what tells them apart, for all who use maps. */
#ifndef SKEP_MAP_TYPE_H
#define SKEP_MAP_TYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Writes "hash", "ringbuf"; for a type that has no name here its number, "99". */
void skep_map_type_describe(uint32_t type, char *out, size_t size);

/* Whether the type takes BTF for its keys and values (map_check_btf in kernel/bpf). */
bool skep_map_type_has_btf(uint32_t type);

/* Whether an element holds a value for each CPU. */
bool skep_map_type_is_percpu(uint32_t type);

/* Whether its elements are maps. */
bool skep_map_type_is_outer(uint32_t type);

/* Whether its elements hang on sockets, inodes, tasks or cgroups: it cannot be without BTF. */
bool skep_map_type_is_storage(uint32_t type);

/* SKEP_RIGHT_* beyond SKEP_RIGHT_BPF that creating one needs. */
unsigned int skep_map_type_rights(uint32_t type);

/* What to look at when the kernel answers EINVAL for these sizes. */
const char *skep_map_type_advice(uint32_t type, uint32_t key_size, uint32_t value_size,
				 uint32_t max_entries);

#endif
