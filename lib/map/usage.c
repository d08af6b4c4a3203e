// SPDX-License-Identifier: MIT
/* How full maps are. */
#include "map/map.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/uapi.h"
#include "map/type.h"

SKEP_DEFINE_SCOPED(iter, struct skep_map_iter, skep_map_iter_free)

static bool is_ring(const struct skep_map *map)
{
	return map->type == BPF_MAP_TYPE_RINGBUF || map->type == BPF_MAP_TYPE_USER_RINGBUF;
}

static bool is_full(const struct skep_map *map)
{
	return map->type == BPF_MAP_TYPE_ARRAY || map->type == BPF_MAP_TYPE_PERCPU_ARRAY;
}

/* Those whose elements user space can see but not look up. */
static bool has_keys_only(const struct skep_map *map)
{
	return map->type == BPF_MAP_TYPE_SOCKMAP || map->type == BPF_MAP_TYPE_SOCKHASH ||
	       map->type == BPF_MAP_TYPE_XSKMAP;
}

static bool can_be_counted(const struct skep_map *map)
{
	return map->key_size && !skep_map_type_is_storage(map->type) &&
	       map->type != BPF_MAP_TYPE_STRUCT_OPS && map->type != BPF_MAP_TYPE_PERF_EVENT_ARRAY &&
	       map->type != BPF_MAP_TYPE_CGROUP_ARRAY &&
	       map->type != BPF_MAP_TYPE_REUSEPORT_SOCKARRAY;
}

static int cannot_be_counted(const struct skep_map *map, struct skep_error *err)
{
	char type[32];

	skep_map_type_describe(map->type, type, sizeof(type));
	skep_error_set(err, SKEP_STAGE_USAGE, ENOTSUP, "the elements of type %s cannot be counted",
		       type);
	skep_map_add_subject(map, err);
	return -ENOTSUP;
}

/* The two positions are at the beginning of a page each: the consumer's, then the producer's. */
static int fill_of_ring(const struct skep_map *map, struct skep_map_usage *usage,
			struct skep_error *err)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	uint8_t *memory = mmap(NULL, 2 * page, PROT_READ, MAP_SHARED, map->fd, 0);

	if (memory == MAP_FAILED)
		return skep_map_refused(map, -errno, "map its positions", err);
	usage->used = __atomic_load_n((uint64_t *)(memory + page), __ATOMIC_ACQUIRE) -
		      __atomic_load_n((uint64_t *)memory, __ATOMIC_ACQUIRE);
	munmap(memory, 2 * page);
	/* The consumer's position is user space's to write, and need not make sense. */
	if (usage->used > usage->room)
		usage->used = usage->room;
	usage->is_bytes = true;
	return 0;
}

static int count(const struct skep_map *map, uint64_t limit, struct skep_map_usage *usage,
		 struct skep_error *err)
{
	struct skep_map_iter_opts opts = { .size = sizeof(opts), .keys_only = has_keys_only(map) };
	SKEP_SCOPED(skep_scoped_iter)
	struct skep_map_iter *iter = skep_map_iter_new(map, &opts, err);
	size_t n;
	int ret;

	if (!iter)
		return -EINVAL;
	while ((ret = skep_map_iter_batch(iter, NULL, NULL, &n, err)) > 0) {
		usage->used += n;
		if (limit && usage->used > limit) {
			usage->used = limit;
			usage->is_at_least = true;
			return 0;
		}
	}
	return ret;
}

int skep_map_usage(const struct skep_map *map, uint64_t limit, struct skep_map_usage *usage,
		   struct skep_error *err)
{
	struct skep_map_usage now = { .size = sizeof(now) };
	int ret = skep_map_check(map, err);

	if (ret)
		return ret;
	if (!usage || usage->size < sizeof(usage->size))
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "skep_map_usage wants a struct whose member size is set");
	now.room = map->max_entries;
	if (is_ring(map))
		ret = fill_of_ring(map, &now, err);
	else if (is_full(map))
		now.used = now.room;
	else if (can_be_counted(map))
		ret = count(map, limit, &now, err);
	else
		ret = cannot_be_counted(map, err);
	if (ret)
		return ret;
	now.size = usage->size < sizeof(now) ? usage->size : sizeof(now);
	memcpy(usage, &now, now.size);
	return 0;
}
