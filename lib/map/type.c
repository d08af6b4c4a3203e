// SPDX-License-Identifier: MIT
#include "map/type.h"

#include <linux/bpf.h>
#include <skep/probe.h>
#include <stdio.h>

#include "base/uapi.h"
#include "kernel/rights.h"

enum { HAS_BTF = 1, PERCPU = 2, OUTER = 4, NETWORK = 8, NO_KEY = 16, STORAGE = 32 };

/* By number, include/uapi/linux/bpf.h: from 32 on newer than the distribution's header. */
static const struct {
	const char *name;
	unsigned int traits;
} types[] = {
	[0] = { "unspec", 0 },
	[1] = { "hash", HAS_BTF },
	[2] = { "array", HAS_BTF },
	[3] = { "prog_array", 0 },
	[4] = { "perf_event_array", 0 },
	[5] = { "percpu_hash", HAS_BTF | PERCPU },
	[6] = { "percpu_array", HAS_BTF | PERCPU },
	[7] = { "stack_trace", 0 },
	[8] = { "cgroup_array", 0 },
	[9] = { "lru_hash", HAS_BTF },
	[10] = { "lru_percpu_hash", HAS_BTF | PERCPU },
	[11] = { "lpm_trie", HAS_BTF },
	[12] = { "array_of_maps", OUTER },
	[13] = { "hash_of_maps", OUTER },
	[14] = { "devmap", NETWORK },
	[15] = { "sockmap", NETWORK },
	[16] = { "cpumap", NETWORK },
	[17] = { "xskmap", NETWORK },
	[18] = { "sockhash", NETWORK },
	[19] = { "cgroup_storage", HAS_BTF },
	[20] = { "reuseport_sockarray", 0 },
	[21] = { "percpu_cgroup_storage", HAS_BTF | PERCPU },
	[22] = { "queue", NO_KEY },
	[23] = { "stack", NO_KEY },
	[24] = { "sk_storage", HAS_BTF | STORAGE },
	[25] = { "devmap_hash", NETWORK },
	[26] = { "struct_ops", HAS_BTF },
	[27] = { "ringbuf", NO_KEY },
	[28] = { "inode_storage", HAS_BTF | STORAGE },
	[29] = { "task_storage", HAS_BTF | STORAGE },
	[30] = { "bloom_filter", NO_KEY },
	[31] = { "user_ringbuf", NO_KEY },
	[32] = { "cgrp_storage", HAS_BTF | STORAGE },
	[33] = { "arena", NO_KEY },
	[34] = { "insn_array", 0 },
	[35] = { "rhash", HAS_BTF },
};

static unsigned int traits(uint32_t type)
{
	return type < sizeof(types) / sizeof(types[0]) ? types[type].traits : 0;
}

const char *skep_map_type_name(uint32_t type)
{
	return type < sizeof(types) / sizeof(types[0]) ? types[type].name : NULL;
}

void skep_map_type_describe(uint32_t type, char *out, size_t size)
{
	if (type < sizeof(types) / sizeof(types[0]))
		snprintf(out, size, "%s", types[type].name);
	else
		snprintf(out, size, "%u", type);
}

bool skep_map_type_has_btf(uint32_t type)
{
	return traits(type) & HAS_BTF;
}

bool skep_map_type_is_percpu(uint32_t type)
{
	return traits(type) & PERCPU;
}

bool skep_map_type_is_outer(uint32_t type)
{
	return traits(type) & OUTER;
}

bool skep_map_type_is_storage(uint32_t type)
{
	return traits(type) & STORAGE;
}

unsigned int skep_map_type_rights(uint32_t type)
{
	return traits(type) & NETWORK ? SKEP_RIGHT_NET_ADMIN : 0;
}

const char *skep_map_type_advice(uint32_t type, uint32_t key_size, uint32_t value_size,
				 uint32_t max_entries)
{
	bool no_key = traits(type) & NO_KEY;

	if (type >= sizeof(types) / sizeof(types[0]))
		return "the type is newer than this kernel, or no type at all";
	if (no_key && key_size)
		return "a map of this type has no key: leave key and key_size out";
	if (!no_key && !key_size)
		return "the source does not say the key: add __type(key, ...)";
	if (!value_size && type != BPF_MAP_TYPE_RINGBUF && type != BPF_MAP_TYPE_USER_RINGBUF &&
	    type != SKEP_MAP_TYPE_ARENA)
		return "the source does not say the value: add __type(value, ...)";
	if (type == BPF_MAP_TYPE_ARRAY && key_size != 4)
		return "the key of an array is a __u32";
	if (!max_entries && type != BPF_MAP_TYPE_SK_STORAGE && type != BPF_MAP_TYPE_INODE_STORAGE &&
	    type != BPF_MAP_TYPE_TASK_STORAGE && type != SKEP_MAP_TYPE_CGRP_STORAGE)
		return "the source does not say the size: add __uint(max_entries, ...)";
	return "this kernel may lack the type or one of the flags";
}
