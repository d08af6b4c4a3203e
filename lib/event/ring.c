// SPDX-License-Identifier: MIT
/* Rings of every kind behind one face. */
#include "event/ring.h"

#include <errno.h>

#include "base/error.h"
#include "base/opts.h"

bool skep_map_is_ring(const struct skep_object *object, const struct skep_map *map)
{
	if (!map || map->fd < 0 || (!object && map->spec))
		return false;
	return map->type == BPF_MAP_TYPE_RINGBUF || map->type == BPF_MAP_TYPE_PERF_EVENT_ARRAY ||
	       (object && map->spec && skep_map_spec_is_percpu_ring(object->spec, map->spec));
}

static struct skep_ring *open_kind(const struct skep_object *object, const struct skep_map *map,
				   const struct skep_ring_opts *opts, struct skep_error *err)
{
	const struct skep_ring_opts o = SKEP_OPTS(struct skep_ring_opts, opts);

	if (map->type == BPF_MAP_TYPE_RINGBUF)
		return skep_ringbuf_open(map, skep_ring_counters(object, map), err);
	if (map->type == BPF_MAP_TYPE_PERF_EVENT_ARRAY)
		return skep_perfbuf_open(object, map, o.perf_pages, err);
	return skep_percpu_open(object, map, o.merge_by_time, err);
}

struct skep_ring *skep_ring_open(const struct skep_object *object, const struct skep_map *map,
				 const struct skep_ring_opts *opts, struct skep_error *err)
{
	struct skep_ring *ring;

	if (!object && (!map || map->spec))
		return skep_error_null_ptr(err, SKEP_STAGE_RECEIVE, "object");
	if (!map) {
		skep_error_set(err, SKEP_STAGE_RECEIVE, ENOENT,
			       "there is no map of the name that was asked for");
		skep_error_add_object(err, "%s", object->spec->name);
		return NULL;
	}
	if (!skep_map_is_ring(object, map)) {
		skep_error_set(err, SKEP_STAGE_RECEIVE, ENOTSUP,
			       map->fd < 0 ? "the map was not created" :
					     "maps of its type carry no records");
		skep_map_add_subject(map, err);
		return NULL;
	}
	ring = open_kind(object, map, opts, err);
	if (!ring)
		return NULL;
	ring->object = object;
	ring->map = map;
	/* What stands alone has no BTF that tells. */
	if (object && map->spec)
		ring->type_id = skep_ring_find_type(object->spec, map->spec);
	return ring;
}

void skep_ring_close(struct skep_ring *ring)
{
	if (ring)
		ring->ops->close(ring);
}

const char *skep_ring_name(const struct skep_ring *ring)
{
	return ring ? skep_map_name(ring->map) : "";
}

uint32_t skep_ring_type_id(const struct skep_ring *ring)
{
	return ring ? ring->type_id : 0;
}

int skep_ring_consume(struct skep_ring *ring, size_t max, skep_record_fn fn, void *ctx)
{
	return !ring || !fn ? -EINVAL : ring->ops->consume(ring, max, false, fn, ctx);
}

int skep_ring_drain(struct skep_ring *ring, skep_record_fn fn, void *ctx)
{
	return !ring || !fn ? -EINVAL : ring->ops->consume(ring, 0, true, fn, ctx);
}

uint64_t skep_ring_lost_on(const struct skep_ring *ring, uint32_t cpu)
{
	return ring && ring->ops->lost_on ? ring->ops->lost_on(ring, cpu) : 0;
}

void skep_ring_stats(struct skep_ring *ring, struct skep_ring_stats *stats)
{
	if (!ring || !stats)
		return;
	ring->ops->count(ring);
	*stats = ring->stats;
}
