// SPDX-License-Identifier: MIT
/* Map sizes as the kernel wants them, where the source leaves them to the loader. */
#include "load/object.h"

#include <unistd.h>

#include "base/error.h"

int skep_object_cpus(struct skep_object *object, struct skep_error *err)
{
	return object->cpus.count ? 0 : skep_cpus_possible(&object->cpus, err);
}

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

/* The element is a perf event's fd, whatever type of record the source names as its value. */
static int fit_perf_array(struct skep_map *map, struct skep_error *err)
{
	int ret = 0;

	map->key_size = sizeof(uint32_t);
	map->value_size = sizeof(uint32_t);
	if (!map->max_entries) {
		ret = skep_object_cpus(map->object, err);
		map->max_entries = map->object->cpus.ids;
	}
	return ret;
}

/* A mapped array without a size has one element for each CPU (skep/bpf/emit.h). */
static int fit_array(struct skep_map *map, struct skep_error *err)
{
	int ret;

	if (map->max_entries || !(map->flags & BPF_F_MMAPABLE))
		return 0;
	ret = skep_object_cpus(map->object, err);
	map->max_entries = map->object->cpus.ids;
	return ret;
}

/* Maps whose elements are fds or that have none say their sizes if the source does not. */
static void fit_fds(struct skep_map *map)
{
	if (!map->key_size)
		map->key_size = sizeof(uint32_t);
	if (!map->value_size)
		map->value_size = sizeof(uint32_t);
}

int skep_map_fit(struct skep_map *map, const struct skep_map_spec *spec, struct skep_error *err)
{
	map->type = spec->type;
	map->key_size = spec->key_size;
	map->value_size = spec->value_size;
	map->max_entries = spec->max_entries;
	map->flags = spec->flags;
	switch (spec->type) {
	case BPF_MAP_TYPE_RINGBUF:
	case BPF_MAP_TYPE_USER_RINGBUF:
		return fit_ring(map, err);
	case BPF_MAP_TYPE_PERF_EVENT_ARRAY:
		return fit_perf_array(map, err);
	case BPF_MAP_TYPE_ARRAY:
		return fit_array(map, err);
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
