// SPDX-License-Identifier: MIT
/* A channel of a ring for each CPU, in one mapped array. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "event/emit.h"
#include "event/ring.h"

/*
 * A record carries the time at which it was begun, and is seen when it is finished. Between the
 * two lies less than this unless the program was interrupted.
 */
#define HORIZON_NS 50000

/* Given back to the program after so many records, so that it need not wait for all. */
#define RELEASE_EVERY 64

struct percpu {
	struct skep_ring ring;
	void *memory;
	size_t memory_len;
	uint32_t n; /* CPUs */
	bool merge;
	uint64_t damaged;
	struct skep_emit_ring cpus[];
};

static int consume_cpu(struct percpu *p, uint32_t cpu, size_t max, skep_record_fn fn, void *ctx,
		       size_t *count)
{
	struct skep_emit_ring *ring = &p->cpus[cpu];
	struct skep_emit_record record;
	int ret = 0;

	while (!ret && (!max || *count < max) && skep_emit_peek(ring, &record)) {
		ret = skep_ring_deliver(&p->ring, record.data, record.len, (int)cpu, fn, ctx);
		skep_emit_take(ring, &record);
		if (++*count % RELEASE_EVERY == 0)
			skep_emit_release(ring);
	}
	skep_emit_release(ring);
	return ret;
}

static int consume_in_turn(struct percpu *p, size_t max, skep_record_fn fn, void *ctx)
{
	size_t count = 0;
	int ret = 0;

	for (uint32_t cpu = 0; cpu < p->n && !ret; cpu++)
		ret = consume_cpu(p, cpu, max, fn, ctx, &count);
	return ret ?: (int)count;
}

/* The head of each CPU's ring while they are merged. */
struct front {
	struct skep_emit_record record;
	uint64_t time;
	bool is_there;
};

static void look(struct percpu *p, uint32_t cpu, uint64_t horizon, struct front *front)
{
	front->is_there = skep_emit_peek(&p->cpus[cpu], &front->record);
	if (!front->is_there)
		return;
	front->time = 0;
	memcpy(&front->time, front->record.data, front->record.len < 8 ? front->record.len : 8);
	if (front->time > horizon)
		front->is_there = false;
}

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

static uint32_t earliest(const struct front *fronts, uint32_t n)
{
	uint32_t best = n;

	for (uint32_t i = 0; i < n; i++)
		if (fronts[i].is_there && (best == n || fronts[i].time < fronts[best].time))
			best = i;
	return best;
}

/* The time up to which records of one CPU may go before another's are due. */
static uint64_t next_best(const struct front *fronts, uint32_t n, uint32_t best)
{
	uint64_t limit = UINT64_MAX;

	for (uint32_t i = 0; i < n; i++)
		if (i != best && fronts[i].is_there && fronts[i].time < limit)
			limit = fronts[i].time;
	return limit;
}

static int consume_merged(struct percpu *p, size_t max, uint64_t horizon, skep_record_fn fn,
			  void *ctx)
{
	SKEP_SCOPED(skep_scoped_free) struct front *fronts = calloc(p->n, sizeof(*fronts));
	uint32_t best;
	size_t count = 0;
	int ret = 0;

	if (!fronts)
		return -ENOMEM;
	for (uint32_t i = 0; i < p->n; i++)
		look(p, i, horizon, &fronts[i]);
	while (!ret && (!max || count < max) && (best = earliest(fronts, p->n)) < p->n) {
		uint64_t limit = next_best(fronts, p->n, best);
		struct front *front = &fronts[best];

		/* A run of one CPU's records needs no comparison with all others. */
		do {
			ret = skep_ring_deliver(&p->ring, front->record.data, front->record.len,
						(int)best, fn, ctx);
			skep_emit_take(&p->cpus[best], &front->record);
			if (++count % RELEASE_EVERY == 0)
				skep_emit_release(&p->cpus[best]);
			look(p, best, horizon, front);
		} while (!ret && (!max || count < max) && front->is_there && front->time <= limit);
		skep_emit_release(&p->cpus[best]);
	}
	return ret ?: (int)count;
}

static int consume(struct skep_ring *ring, size_t max, bool drain, skep_record_fn fn, void *ctx)
{
	struct percpu *p = (struct percpu *)ring;

	if (!p->merge)
		return consume_in_turn(p, max, fn, ctx);
	return consume_merged(p, max, drain ? UINT64_MAX : now_ns() - HORIZON_NS, fn, ctx);
}

static void count(struct skep_ring *ring)
{
	struct percpu *p = (struct percpu *)ring;
	uint64_t full = 0, other = 0;

	for (uint32_t i = 0; i < p->n; i++) {
		full += __atomic_load_n(&p->cpus[i].cpu->lost_full, __ATOMIC_RELAXED);
		other += __atomic_load_n(&p->cpus[i].cpu->lost_busy, __ATOMIC_RELAXED);
		other += p->cpus[i].damaged;
	}
	ring->stats.counts_lost = true;
	ring->stats.lost = full + other;
	ring->stats.unknown = other;
}

static void close_percpu(struct skep_ring *ring)
{
	struct percpu *p = (struct percpu *)ring;

	if (p->memory)
		munmap(p->memory, p->memory_len);
	free(p);
}

static uint64_t lost_on(const struct skep_ring *ring, uint32_t cpu)
{
	const struct percpu *p = (const struct percpu *)ring;

	return cpu < p->n ?
		       __atomic_load_n(&p->cpus[cpu].cpu->lost_full, __ATOMIC_RELAXED) +
			       __atomic_load_n(&p->cpus[cpu].cpu->lost_busy, __ATOMIC_RELAXED) :
		       0;
}

static const struct skep_ring_ops ops = { consume, count, close_percpu, lost_on };

/* The ring's size is a constant of the program; what is more is slack for its last record. */
static uint64_t ring_size(const struct skep_object *object, const struct skep_map *map)
{
	const struct skep_spec *spec = object->spec;
	const struct skep_global_spec *global;
	char name[160];
	uint64_t size = 0;

	snprintf(name, sizeof(name), "%s__size", map->spec->name);
	global = skep_spec_global(spec, name);
	if (global && global->size == sizeof(size))
		memcpy(&size, spec->maps[global->map]->data + global->offset, sizeof(size));
	return size;
}

static int check(const struct skep_map *map, uint64_t size, struct skep_error *err)
{
	if (size >= 4096 && !(size & (size - 1)) &&
	    size + sizeof(struct skep_emit_cpu) < map->value_size)
		return 0;
	skep_error_set(err, SKEP_STAGE_RECEIVE, EINVAL,
		       "a ring of %llu bytes does not fit values of %u bytes",
		       (unsigned long long)size, map->value_size);
	skep_error_add_subject(err, "channel '%s'", map->spec->name);
	return -EINVAL;
}

static void set_cpus(struct percpu *p, const struct skep_map *map, uint64_t size)
{
	/* The kernel rounds an element up to eight bytes (array_map_alloc). */
	size_t stride = (map->value_size + 7ul) & ~7ul;

	for (uint32_t i = 0; i < p->n; i++) {
		uint8_t *value = (uint8_t *)p->memory + i * stride;

		p->cpus[i] = (struct skep_emit_ring){
			.cpu = (struct skep_emit_cpu *)value,
			.data = value + sizeof(struct skep_emit_cpu),
			.size = size,
			.room = map->value_size - sizeof(struct skep_emit_cpu),
			.tail = ((struct skep_emit_cpu *)value)->tail,
		};
	}
}

struct skep_ring *skep_percpu_open(const struct skep_object *object, const struct skep_map *map,
				   bool merge, struct skep_error *err)
{
	uint64_t size = ring_size(object, map);
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct percpu *p;

	if (check(map, size, err))
		return NULL;
	p = calloc(1, sizeof(*p) + map->max_entries * sizeof(p->cpus[0]));
	if (!p) {
		skep_error_nomem(err, SKEP_STAGE_RECEIVE);
		return NULL;
	}
	p->ring.ops = &ops;
	p->ring.fd = -1;
	p->ring.needs_timer = true;
	p->n = map->max_entries;
	p->merge = merge;
	p->memory_len = (((map->value_size + 7ul) & ~7ul) * p->n + page - 1) & ~(page - 1);
	p->memory = mmap(NULL, p->memory_len, PROT_READ | PROT_WRITE, MAP_SHARED, map->fd, 0);
	if (p->memory == MAP_FAILED) {
		skep_error_set_errno(err, SKEP_STAGE_RECEIVE, errno,
				     "the rings of channel '%s' cannot be mapped", map->spec->name);
		p->memory = NULL;
		close_percpu(&p->ring);
		return NULL;
	}
	set_cpus(p, map, size);
	return &p->ring;
}
