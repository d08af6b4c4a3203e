/* SPDX-License-Identifier: MIT */
/*
 * skep/ring.h - where records come from, and the loop that waits for them.
 *
 * A ring reads the records of one map, whatever its kind: BPF ring buffer (5.8), perf event array,
 * or a channel of skep/bpf/emit.h (which may be per-CPU rings in a mapped array). Records are
 * handed out in place, without a copy, as a pointer that is valid during the callback.
 *
 * Every ring counts what it delivered and what was lost before it could: nothing is lost silently.
 *
 * A ring is used by one thread at a time; different rings may be read by different threads.
 */
#ifndef SKEP_RING_H
#define SKEP_RING_H

#include <skep/object.h>

#ifdef __cplusplus
extern "C" {
#endif

struct skep_ring;

struct skep_record {
	const void *data; /* aligned to 8 bytes; in perf buffers to 4, as the kernel writes them */
	uint32_t len;	  /* bytes */
	int cpu;	  /* where it was produced; -1 when the ring does not tell */
	struct skep_ring *ring;
};

/* Called for each record. Non-zero stops the reading and is returned to its caller. */
typedef int (*skep_record_fn)(void *ctx, const struct skep_record *record);

struct skep_ring_stats {
	uint64_t delivered; /* records given to callbacks */
	uint64_t bytes;	    /* in those records */
	uint64_t lost;	    /* records that were produced and could not be kept */
	uint64_t unknown;   /* of those: lost for a reason other than a full ring */
	bool counts_lost;   /* false: a plain BPF ring buffer, whose losses nobody counts */
};

struct skep_ring_opts {
	size_t size;	     /* sizeof(struct skep_ring_opts) */
	uint32_t perf_pages; /* perf buffers: pages a CPU, a power of two; 0: 64 */
	/*
	 * Rings for each CPU whose records begin with a 64-bit CLOCK_MONOTONIC time in ns: hand
	 * them out in the order of that time. Records of the last 50 us are kept back, so that one
	 * which is just being made elsewhere is not overtaken; skep_ring_drain() hands them out
	 * too.
	 */
	bool merge_by_time;
};

/*
 * skep_ring_open - starts to read a map of @object. ENOENT: @map is NULL, as skep_object_map()
 * says of a name that does not exist; ENOTSUP: the map carries no records. The object must outlive
 * the ring. @object is NULL for a map that stands alone (opened by its id or pin), which must
 * outlive the ring too: it can be a ring buffer or a perf event array, but no channel.
 */
struct skep_ring *skep_ring_open(const struct skep_object *object, const struct skep_map *map,
				 const struct skep_ring_opts *opts, struct skep_error *err);

/* True for maps that skep_ring_open can read. */
bool skep_map_is_ring(const struct skep_object *object, const struct skep_map *map);

void skep_ring_close(struct skep_ring *ring);

const char *skep_ring_name(const struct skep_ring *ring);

/*
 * The type of its records in the object's BTF, 0 when the object does not tell. In this order:
 * the record type of an emit channel, the map's value type, a global variable that is a pointer
 * to a struct and not used (`const struct event *unused`), the only struct named "event".
 */
uint32_t skep_ring_type_id(const struct skep_ring *ring);

/*
 * skep_ring_consume - hands out the records that are there now, at most @max (0: no limit),
 * without waiting. Returns their number, or what a callback returned if that was not 0.
 */
int skep_ring_consume(struct skep_ring *ring, size_t max, skep_record_fn fn, void *ctx);

/* As skep_ring_consume without limit, and holds nothing back: for when nothing is produced now. */
int skep_ring_drain(struct skep_ring *ring, skep_record_fn fn, void *ctx);

void skep_ring_stats(struct skep_ring *ring, struct skep_ring_stats *stats);

/* Records of a channel of skep/bpf/emit.h that were lost on one CPU; 0 for other rings. */
uint64_t skep_ring_lost_on(const struct skep_ring *ring, uint32_t cpu);

/*
 * skep_channel_lost - how many records of a channel of skep/bpf/emit.h have been lost up to now,
 * by whoever reads it: @counters is the map of its counters ("events__cpu") or of its rings for
 * each CPU, also when it stands alone. Needs the map's BTF. Returns 0, ENOTSUP: the map is not one
 * of a channel; or as skep_map_memory.
 */
int skep_channel_lost(struct skep_map *counters, uint64_t *lost, struct skep_error *err);

/*
 * skep_spec_set_channel_size - changes the size of a channel of skep/bpf/emit.h before loading:
 * @bytes of the ring (of each CPU's ring), a power of two of at least 4096. ENOENT: the object
 * has no such channel.
 */
int skep_spec_set_channel_size(struct skep_spec *spec, const char *channel, size_t bytes,
			       struct skep_error *err);

/*
 * The loop: one epoll fd that waits for rings, other fds and timers. skep_loop_fd() can be put
 * into somebody else's loop: it is readable when skep_loop_run(loop, 0) has work to do.
 */
struct skep_loop;

typedef int (*skep_loop_fn)(void *ctx);

struct skep_loop *skep_loop_new(struct skep_error *err);
void skep_loop_free(struct skep_loop *loop);
int skep_loop_fd(const struct skep_loop *loop);

/*
 * skep_loop_add_ring - the ring is read when the kernel says that it is readable, and by a timer
 * that is short (1 ms) while records come and longer (up to 10 ms) when none do, so that
 * programs need not wake the reader. The ring stays the caller's and must outlive the loop.
 */
int skep_loop_add_ring(struct skep_loop *loop, struct skep_ring *ring, skep_record_fn fn, void *ctx,
		       struct skep_error *err);

/* Calls @fn when @fd is readable. The fd stays the caller's. */
int skep_loop_add_fd(struct skep_loop *loop, int fd, skep_loop_fn fn, void *ctx,
		     struct skep_error *err);
void skep_loop_remove_fd(struct skep_loop *loop, int fd);

/* Calls @fn every @ns nanoseconds. */
int skep_loop_add_timer(struct skep_loop *loop, uint64_t ns, skep_loop_fn fn, void *ctx,
			struct skep_error *err);

/*
 * Calls @fn after each round in which records were read and before the loop sleeps: where sinks
 * write out what they collected.
 */
int skep_loop_add_idle(struct skep_loop *loop, skep_loop_fn fn, void *ctx, struct skep_error *err);

/*
 * skep_loop_run - waits and serves for @ns nanoseconds (-1: without end; 0: what is ready), until
 * a callback returns non-zero (which is returned) or skep_loop_stop() was called (0).
 */
int skep_loop_run(struct skep_loop *loop, int64_t ns, struct skep_error *err);

/* Makes skep_loop_run return soon. May be called from a signal handler or another thread. */
void skep_loop_stop(struct skep_loop *loop);

/* Reads every ring until it is empty, without waiting: the last step before closing. */
int skep_loop_drain(struct skep_loop *loop);

#ifdef __cplusplus
}
#endif

#endif
