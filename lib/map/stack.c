// SPDX-License-Identifier: MIT
#include <skep/stack.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "kernel/bpf.h"
#include "map/map.h"

static int check(const struct skep_map *map, const uint64_t *frames, struct skep_error *err)
{
	int ret = skep_map_check(map, err);

	if (ret)
		return ret;
	if (map->type != BPF_MAP_TYPE_STACK_TRACE)
		skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "it keeps no stacks");
	else if (map->flags & BPF_F_STACK_BUILD_ID || map->value_size % sizeof(*frames))
		skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "its frames are build ids");
	else if (!frames)
		skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "there are no frames: it is NULL");
	else
		return 0;
	skep_map_add_subject(map, err);
	return -EINVAL;
}

int skep_map_stack(const struct skep_map *map, uint32_t id, uint64_t *frames, size_t max,
		   struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_free) uint64_t *value = NULL;
	int ret = check(map, frames, err);
	size_t n = 0;

	if (ret)
		return ret;
	value = calloc(1, map->value_size);
	if (!value)
		return skep_error_nomem(err, SKEP_STAGE_LOAD);
	ret = skep_bpf_map_lookup(map->fd, &id, value, 0);
	if (ret == -ENOENT) {
		skep_error_set(err, SKEP_STAGE_LOAD, ENOENT, "no stack has the id %u", id);
		skep_map_add_subject(map, err);
		return -ENOENT;
	}
	if (ret)
		return skep_map_refused(map, ret, "read the stack", err);
	while (n < map->value_size / sizeof(*value) && n < max && value[n])
		n++;
	memcpy(frames, value, n * sizeof(*value));
	return (int)n;
}
