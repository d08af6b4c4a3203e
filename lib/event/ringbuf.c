// SPDX-License-Identifier: MIT
/* BPF ring buffers, plain or of a channel. */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"
#include "event/emit.h"
#include "event/ring.h"
#include "event/ringbuf_read.h"

#define RELEASE_EVERY 32

struct ringbuf {
	struct skep_ring ring;
	struct skep_ringbuf_memory memory;
	size_t page, data_len;
	uint8_t *counters; /* of a channel: a struct skep_emit_cpu at each stride */
	size_t counters_len, stride;
	uint32_t n_counters;
};

/*
 * The position is published with a full fence before the producer's is looked at again: the
 * kernel decides by it whether to wake us (ringbuf.c, bpf_ringbuf_commit).
 */
static void publish(const struct skep_ringbuf_memory *m, uint64_t at)
{
	__atomic_store_n(m->consumer, at, __ATOMIC_SEQ_CST);
}

static int consume(struct skep_ring *ring, size_t max, bool drain, skep_record_fn fn, void *ctx)
{
	const struct skep_ringbuf_memory *m = &((struct ringbuf *)ring)->memory;
	uint64_t at = __atomic_load_n(m->consumer, __ATOMIC_RELAXED), before, end;
	const uint8_t *data;
	size_t count = 0;
	uint32_t len;
	int ret = 0;

	(void)drain;
	do {
		before = at;
		end = skep_ringbuf_end(m);
		while (!ret && (!max || count < max) &&
		       skep_ringbuf_next(m, end, &at, &data, &len)) {
			ret = skep_ring_deliver(ring, data, len, -1, fn, ctx);
			if (++count % RELEASE_EVERY == 0)
				__atomic_store_n(m->consumer, at, __ATOMIC_RELEASE);
		}
		publish(m, at);
	} while (!ret && at != before && (!max || count < max));
	return ret ?: (int)count;
}

static const struct skep_emit_cpu *counters_of(const struct ringbuf *r, uint32_t cpu)
{
	return (const struct skep_emit_cpu *)(r->counters + cpu * r->stride);
}

static uint64_t lost_on(const struct skep_ring *ring, uint32_t cpu)
{
	const struct ringbuf *r = (const struct ringbuf *)ring;

	return cpu < r->n_counters ?
		       __atomic_load_n(&counters_of(r, cpu)->lost_full, __ATOMIC_RELAXED) :
		       0;
}

static void count(struct skep_ring *ring)
{
	struct ringbuf *r = (struct ringbuf *)ring;
	uint64_t full = 0, busy = 0;

	skep_emit_add_lost(r->counters, r->stride, r->n_counters, &full, &busy);
	ring->stats.counts_lost = r->counters;
	ring->stats.lost = full + busy;
	ring->stats.unknown = busy;
}

static void close_ringbuf(struct skep_ring *ring)
{
	struct ringbuf *r = (struct ringbuf *)ring;

	if (r->memory.consumer)
		munmap(r->memory.consumer, r->page);
	if (r->memory.producer)
		munmap((void *)r->memory.producer, r->data_len);
	if (r->counters)
		munmap(r->counters, r->counters_len);
	free(r);
}

static const struct skep_ring_ops ops = { consume, count, close_ringbuf, lost_on };

static void *map_part(const struct skep_map *map, int prot, size_t len, size_t offset)
{
	void *memory = mmap(NULL, len, prot, MAP_SHARED, map->fd, (off_t)offset);

	return memory == MAP_FAILED ? NULL : memory;
}

/* One page that we write, one that the kernel writes, and the data twice. */
static bool map_ring(struct ringbuf *r, const struct skep_map *map)
{
	uint8_t *producer;

	r->data_len = r->page + 2ul * map->max_entries;
	r->memory.size = map->max_entries;
	r->memory.consumer = map_part(map, PROT_READ | PROT_WRITE, r->page, 0);
	producer = map_part(map, PROT_READ, r->data_len, r->page);
	r->memory.producer = (const uint64_t *)producer;
	if (producer)
		r->memory.data = producer + r->page;
	return r->memory.consumer && producer;
}

static bool map_counters(struct ringbuf *r, const struct skep_map *counters)
{
	if (!counters || counters->fd < 0)
		return true;
	r->stride = (counters->value_size + 7ul) & ~7ul;
	r->n_counters = counters->max_entries;
	r->counters_len = (r->stride * r->n_counters + r->page - 1) & ~(r->page - 1);
	r->counters = map_part(counters, PROT_READ, r->counters_len, 0);
	return r->counters;
}

struct skep_ring *skep_ringbuf_open(const struct skep_map *map, const struct skep_map *counters,
				    struct skep_error *err)
{
	struct ringbuf *r = calloc(1, sizeof(*r));

	if (!r) {
		skep_error_nomem(err, SKEP_STAGE_RECEIVE);
		return NULL;
	}
	r->page = (size_t)sysconf(_SC_PAGESIZE);
	r->ring.ops = &ops;
	r->ring.fd = map->fd;
	if (!map_ring(r, map) || !map_counters(r, counters)) {
		skep_error_set_errno(err, SKEP_STAGE_RECEIVE, errno,
				     "the ring buffer '%s' cannot be mapped", skep_map_name(map));
		close_ringbuf(&r->ring);
		return NULL;
	}
	r->ring.needs_timer = r->counters;
	return &r->ring;
}
