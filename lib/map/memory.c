// SPDX-License-Identifier: MIT
/* Maps as memory that programs share with us. */
#include "map/map.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"
#include "base/uapi.h"

static size_t length_of(const struct skep_map *map)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (map->type == SKEP_MAP_TYPE_ARENA)
		return map->max_entries * page;
	return (skep_map_stride(map) * map->max_entries + page - 1) & ~(page - 1);
}

/* An arena that has an address wants to be mapped there (arena_get_unmapped_area). */
static void *map_at(const struct skep_map *map, int prot)
{
	bool fixed = map->type == SKEP_MAP_TYPE_ARENA && map->extra;

	return mmap(fixed ? (void *)(uintptr_t)map->extra : NULL, length_of(map), prot,
		    MAP_SHARED | (fixed ? MAP_FIXED_NOREPLACE : 0), map->fd, 0);
}

static bool can_be_mapped(const struct skep_map *map)
{
	return map->type == BPF_MAP_TYPE_ARRAY || map->type == SKEP_MAP_TYPE_ARENA;
}

static int cannot(const struct skep_map *map, int code, struct skep_error *err)
{
	if (!can_be_mapped(map))
		code = skep_error_set(err, SKEP_STAGE_LOAD, ENOTSUP,
				      "only arrays and arenas can be mapped");
	else if (!(map->flags & BPF_F_MMAPABLE))
		code = skep_error_set(err, SKEP_STAGE_LOAD, ENOTSUP,
				      "it cannot be mapped: it has not the flag BPF_F_MMAPABLE, "
				      "which needs Linux 5.5");
	else
		code = skep_error_set_errno(err, SKEP_STAGE_LOAD, code, "it cannot be mapped");
	skep_map_add_subject(map, err);
	return code;
}

static int map_memory(struct skep_map *map, struct skep_error *err)
{
	void *memory = MAP_FAILED;

	errno = ENOTSUP;
	if (can_be_mapped(map) && map->flags & BPF_F_MMAPABLE) {
		/* The kernel maps what programs may not write for nobody else to write either. */
		memory = map_at(map, PROT_READ | PROT_WRITE);
		map->memory_is_writable = memory != MAP_FAILED;
		if (memory == MAP_FAILED && (errno == EPERM || errno == EACCES))
			memory = map_at(map, PROT_READ);
	}
	if (memory == MAP_FAILED)
		return cannot(map, errno, err);
	map->memory = memory;
	map->memory_len = length_of(map);
	return 0;
}

void *skep_map_memory(struct skep_map *map, size_t *len, bool *writable, struct skep_error *err)
{
	if (skep_map_check(map, err) || (!map->memory && map_memory(map, err)))
		return NULL;
	if (len)
		*len = map->memory_len;
	if (writable)
		*writable = map->memory_is_writable;
	return map->memory;
}
