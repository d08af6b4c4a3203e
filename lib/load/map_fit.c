// SPDX-License-Identifier: MIT
/* Map sizes as the kernel wants them, where the source leaves them to the loader. */
#include "load/object.h"

#include <unistd.h>

#include "base/error.h"
#include "kernel/cpus.h"

/* A ring's size is a power of two of whole pages (ringbuf_map_alloc). */
static int fit_ring(struct skep_map *map, struct skep_error *err)
{
	uint32_t size = (uint32_t)sysconf(_SC_PAGESIZE);

	map->key_size = 0;
	map->value_size = 0;
	if (!map->max_entries) {
		skep_error_set(err, SKEP_STAGE_LOAD, EINVAL, "a ring buffer needs a size");
		skep_error_add_hint(err, "add __uint(max_entries, 256 * 1024), in bytes");
		return -EINVAL;
	}
	while (size < map->max_entries && size < 1u << 31)
		size *= 2;
	map->max_entries = size;
	return 0;
}

/* One element for each CPU if the source names no number. */
static int fit_to_cpus(struct skep_map *map, struct skep_error *err)
{
	struct skep_cpus cpus = { 0 };
	int ret = map->max_entries ? 0 : skep_cpus_possible(&cpus, err);

	if (cpus.ids)
		map->max_entries = cpus.ids;
	return ret;
}

/* The element is a perf event's fd, whatever type of record the source names as its value. */
static int fit_perf_array(struct skep_map *map, struct skep_error *err)
{
	map->key_size = sizeof(uint32_t);
	map->value_size = sizeof(uint32_t);
	return fit_to_cpus(map, err);
}

/* Lists for each CPU hold equal parts of the elements (htab_map_alloc). */
static int fit_lru(struct skep_map *map, struct skep_error *err)
{
	struct skep_cpus cpus = { 0 };
	uint64_t entries;
	int ret = map->flags & BPF_F_NO_COMMON_LRU ? skep_cpus_possible(&cpus, err) : 0;

	if (!cpus.count)
		return ret;
	entries = (map->max_entries + cpus.count - 1ull) / cpus.count * cpus.count;
	if (entries > UINT32_MAX)
		entries -= cpus.count;
	map->max_entries = (uint32_t)entries;
	return 0;
}

/* Maps whose elements are fds or that have none say their sizes if the source does not. */
static void fit_fds(struct skep_map *map)
{
	if (!map->key_size)
		map->key_size = sizeof(uint32_t);
	if (!map->value_size)
		map->value_size = sizeof(uint32_t);
}

int skep_map_fit(struct skep_map *map, struct skep_error *err)
{
	switch (map->type) {
	case BPF_MAP_TYPE_RINGBUF:
	case BPF_MAP_TYPE_USER_RINGBUF:
		return fit_ring(map, err);
	case BPF_MAP_TYPE_PERF_EVENT_ARRAY:
		return fit_perf_array(map, err);
	case BPF_MAP_TYPE_ARRAY:
		/* Of a mapped one: skep/bpf/emit.h. */
		return map->flags & BPF_F_MMAPABLE ? fit_to_cpus(map, err) : 0;
	case BPF_MAP_TYPE_LRU_HASH:
	case BPF_MAP_TYPE_LRU_PERCPU_HASH:
		return fit_lru(map, err);
	case BPF_MAP_TYPE_PROG_ARRAY:
	case BPF_MAP_TYPE_CGROUP_ARRAY:
	case BPF_MAP_TYPE_ARRAY_OF_MAPS:
	case BPF_MAP_TYPE_HASH_OF_MAPS:
		fit_fds(map);
		return 0;
	default:
		return 0;
	}
}
