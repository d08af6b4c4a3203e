// SPDX-License-Identifier: MIT
/* Many elements whose keys the caller has. */
#include "map/map.h"

#include <errno.h>

#include "base/error.h"
#include "kernel/bpf.h"

static int check(const struct skep_map *map, const void *keys, const void *values, const size_t *n,
		 struct skep_error *err)
{
	int ret = skep_map_check(map, err);

	if (ret)
		return ret;
	if (keys && values && n && *n <= UINT32_MAX)
		return 0;
	skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
		       "keys, values and their number must be given, and be less than 2^32");
	skep_map_add_subject(map, err);
	return -EINVAL;
}

static int one_by_one(const struct skep_map *map, enum bpf_cmd cmd, const uint8_t *keys,
		      const uint8_t *values, size_t *n, uint64_t flags)
{
	size_t len = skep_map_lookup_size(map), total = *n;
	int ret;

	for (*n = 0; *n < total; ++*n) {
		const void *key = keys + *n * map->key_size;

		if (cmd == BPF_MAP_DELETE_BATCH)
			ret = skep_bpf_map_delete(map->fd, key);
		else
			ret = skep_bpf_map_update(map->fd, key, values + *n * len, flags);
		if (ret)
			return ret;
	}
	return 0;
}

/* The kernel leaves the count alone where it refuses before it begins. */
static int batch(const struct skep_map *map, enum bpf_cmd cmd, const void *keys, const void *values,
		 size_t *n, uint64_t flags)
{
	struct skep_attr_map_batch attr = { .keys = SKEP_PTR(keys),
					    .values = SKEP_PTR(values),
					    .count = (uint32_t)*n,
					    .map_fd = (uint32_t)map->fd,
					    .elem_flags = flags };
	int ret = *n ? skep_bpf_map_batch(cmd, &attr) : 0;

	if (!ret)
		return 0;
	if (attr.count && attr.count < *n) {
		*n = attr.count;
		return ret;
	}
	/* Nothing is done yet: the same again, one by one, also tells which one is refused. */
	return one_by_one(map, cmd, keys, values, n, flags);
}

int skep_map_update_batch(const struct skep_map *map, const void *keys, const void *values,
			  size_t *n, uint64_t flags, struct skep_error *err)
{
	int ret = check(map, keys, values, n, err);

	if (ret)
		return ret;
	ret = batch(map, BPF_MAP_UPDATE_BATCH, keys, values, n, flags);
	return ret ? skep_map_refused(map, ret, "write the elements", err) : 0;
}

int skep_map_delete_batch(const struct skep_map *map, const void *keys, size_t *n,
			  struct skep_error *err)
{
	int ret = check(map, keys, keys, n, err);

	if (ret)
		return ret;
	ret = batch(map, BPF_MAP_DELETE_BATCH, keys, NULL, n, 0);
	return ret ? skep_map_refused(map, ret, "delete the elements", err) : 0;
}
