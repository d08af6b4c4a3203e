/* SPDX-License-Identifier: MIT */
/* What every kind of ring has, and what each kind does in its own way. */
#ifndef SKEP_EVENT_RING_H
#define SKEP_EVENT_RING_H

#include <skep/ring.h>

#include "load/object.h"

struct skep_ring_ops {
	/* As skep_ring_consume; @drain: hold nothing back. */
	int (*consume)(struct skep_ring *ring, size_t max, bool drain, skep_record_fn fn,
		       void *ctx);
	/* Adds what the kind knows of losses to ring->stats. */
	void (*count)(struct skep_ring *ring);
	void (*close)(struct skep_ring *ring);
	/* The losses of one CPU; NULL: the kind does not tell. */
	uint64_t (*lost_on)(const struct skep_ring *ring, uint32_t cpu);
};

struct skep_ring {
	const struct skep_ring_ops *ops;
	const struct skep_object *object;
	const struct skep_map *map;
	uint32_t type_id;
	int fd;		  /* readable when there is something; -1: only time tells */
	bool needs_timer; /* nobody wakes the reader for each record */
	struct skep_ring_stats stats;
};

/* Hands out one record and counts it. */
static inline int skep_ring_deliver(struct skep_ring *ring, const void *data, uint32_t len, int cpu,
				    skep_record_fn fn, void *ctx)
{
	const struct skep_record record = { .data = data, .len = len, .cpu = cpu, .ring = ring };

	ring->stats.delivered++;
	ring->stats.bytes += len;
	return fn(ctx, &record);
}

/*
 * Each opens one kind and returns the ring, its first member, or NULL. @counters: the map that has
 * a channel's, or NULL.
 */
struct skep_ring *skep_ringbuf_open(const struct skep_map *map, const struct skep_map *counters,
				    struct skep_error *err);
struct skep_ring *skep_perfbuf_open(const struct skep_object *object, const struct skep_map *map,
				    uint32_t pages, struct skep_error *err);
struct skep_ring *skep_percpu_open(const struct skep_object *object, const struct skep_map *map,
				   bool merge, struct skep_error *err);

/* event/type.c: of what type a map's records are, in the object's BTF; 0 when nothing tells. */
uint32_t skep_ring_find_type(const struct skep_spec *spec, const struct skep_map_spec *map);

/* event/channel.c: what an emit channel's maps are recognised by. */
bool skep_emit_is_value(const struct skep_btf *btf, uint32_t type_id);
bool skep_map_spec_is_percpu_ring(const struct skep_spec *spec, const struct skep_map_spec *map);

/* The map that counts the losses of a channel over a shared ring; NULL for a plain ring. */
struct skep_map *skep_ring_counters(const struct skep_object *object, const struct skep_map *map);

/* The type of a channel's records, told by the value of its map; 0 when it is no channel. */
uint32_t skep_channel_type(const struct skep_spec *spec, const struct skep_map_spec *map);

#endif
