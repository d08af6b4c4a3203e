// SPDX-License-Identifier: MIT
#include <skep/stack.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "kernel/bpf.h"
#include "map/map.h"

bool skep_map_stack_has_build_ids(const struct skep_map *map)
{
	return skep_map_type(map) == BPF_MAP_TYPE_STACK_TRACE && map->flags & BPF_F_STACK_BUILD_ID;
}

static int check(const struct skep_map *map, bool ids, const void *frames, struct skep_error *err)
{
	size_t size = ids ? sizeof(struct bpf_stack_build_id) : sizeof(uint64_t);
	int ret = skep_map_check(map, err);

	if (ret)
		return ret;
	if (map->type != BPF_MAP_TYPE_STACK_TRACE)
		skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "it keeps no stacks");
	else if (skep_map_stack_has_build_ids(map) != ids || map->value_size % size)
		skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "its frames are %s",
			       ids ? "addresses" : "build ids");
	else if (!frames)
		skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "there are no frames: it is NULL");
	else
		return 0;
	skep_map_add_subject(map, err);
	return -EINVAL;
}

/* The whole value of a stack, malloc'ed; NULL with *code set. */
static void *read_stack(const struct skep_map *map, uint32_t id, int *code, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_free) void *value = calloc(1, map->value_size);

	if (!value) {
		*code = skep_error_nomem(err, SKEP_STAGE_LOAD);
		return NULL;
	}
	*code = skep_bpf_map_lookup(map->fd, &id, value, 0);
	if (!*code)
		return SKEP_TAKE(value);
	if (*code == -ENOENT) {
		skep_error_set(err, SKEP_STAGE_LOAD, ENOENT, "no stack has the id %u", id);
		skep_map_add_subject(map, err);
	} else {
		*code = skep_map_refused(map, *code, "read the stack", err);
	}
	return NULL;
}

int skep_map_stack(const struct skep_map *map, uint32_t id, uint64_t *frames, size_t max,
		   struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_free) uint64_t *value = NULL;
	int ret = check(map, false, frames, err);
	size_t n = 0;

	if (ret)
		return ret;
	value = read_stack(map, id, &ret, err);
	if (!value)
		return ret;
	while (n < map->value_size / sizeof(*value) && n < max && value[n])
		n++;
	memcpy(frames, value, n * sizeof(*value));
	return (int)n;
}

int skep_map_stack_build_ids(const struct skep_map *map, uint32_t id,
			     struct bpf_stack_build_id *frames, size_t max, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_free) struct bpf_stack_build_id *value = NULL;
	int ret = check(map, true, frames, err);
	size_t n = 0;

	if (ret)
		return ret;
	value = read_stack(map, id, &ret, err);
	if (!value)
		return ret;
	while (n < map->value_size / sizeof(*value) && n < max && value[n].status)
		n++;
	memcpy(frames, value, n * sizeof(*value));
	return (int)n;
}
