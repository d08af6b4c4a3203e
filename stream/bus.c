// SPDX-License-Identifier: MIT
/* The bus' side of the publisher: blocks are taken and filled. */
#include "stream/bus_block.h"

#include <limits.h>
#include <linux/futex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/opts.h"

/* Beyond this no source's records are; it keeps sums of sizes far from their limits. */
#define LARGEST (1u << 30)

SKEP_DEFINE_SCOPED(bus, struct skep_bus, skep_bus_free)

int skep_bus_add_block(struct skep_bus *bus)
{
	uint32_t n = bus->n_blocks;
	struct skep_bus_block *block;

	if (n == SKEP_BUS_BLOCKS)
		return -ENOMEM;
	/* Of its own cache lines: the fill level is written for each record. */
	block = aligned_alloc(128, 128);
	if (!block)
		return -ENOMEM;
	*block = (struct skep_bus_block){ 0 };
	bus->blocks[n] = block;
	__atomic_store_n(&bus->n_blocks, n + 1, __ATOMIC_RELEASE);
	return 0;
}

/* The oldest block that nobody reads becomes the publisher's. */
static struct skep_bus_block *take_oldest(struct skep_bus *bus)
{
	uint32_t n = __atomic_load_n(&bus->n_blocks, __ATOMIC_ACQUIRE);

	for (;;) {
		struct skep_bus_block *oldest = NULL;
		uint64_t least = UINT64_MAX;

		for (uint32_t i = 0; i < n; i++) {
			uint64_t state = __atomic_load_n(&bus->blocks[i]->state, __ATOMIC_RELAXED);

			if (bus->blocks[i] == bus->block || state & SKEP_BUS_PINS || state >= least)
				continue;
			oldest = bus->blocks[i];
			least = state;
		}
		/* Acquire: what its last reader read of it was before. */
		if (oldest && __atomic_compare_exchange_n(&oldest->state, &least, 0, false,
							  __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
			return oldest;
	}
}

static bool make_room(struct skep_bus_block *block, size_t want)
{
	if (block->cap == want)
		return true;
	free(block->data);
	block->data = malloc(want);
	block->cap = block->data ? want : 0;
	return block->data;
}

/* Begins a block that has room for @size bytes of records. */
static bool begin_block(struct skep_bus *bus, size_t size)
{
	size_t totals = bus->n_sources * sizeof(uint64_t);
	size_t want = totals + size > bus->block_size ? totals + size : bus->block_size;
	struct skep_bus_block *block = take_oldest(bus);

	if (!make_room(block, want))
		return false;
	if (totals)
		memcpy(block->data, bus->totals, totals);
	block->n_totals = bus->n_sources;
	__atomic_store_n(&block->filled, (uint32_t)totals, __ATOMIC_RELAXED);
	__atomic_store_n(&block->state, SKEP_BUS_STATE(++bus->turn), __ATOMIC_RELEASE);
	__atomic_store_n(&bus->current, bus->turn, __ATOMIC_RELEASE);
	bus->block = block;
	bus->at = totals;
	return true;
}

struct skep_bus *skep_bus_new(const struct skep_bus_opts *opts, struct skep_error *err)
{
	const struct skep_bus_opts o = SKEP_OPTS(struct skep_bus_opts, opts);
	SKEP_SCOPED(skep_scoped_bus) struct skep_bus *bus = calloc(1, sizeof(*bus));
	uint32_t blocks = o.blocks ?: 16;

	if (!bus) {
		skep_error_nomem(err, SKEP_STAGE_DELIVER);
		return NULL;
	}
	pthread_mutex_init(&bus->subscribing, NULL);
	bus->block_size = o.block_size ?: 256 * 1024;
	bus->least_blocks = blocks;
	if (blocks < 2 || blocks > SKEP_BUS_BLOCKS - SKEP_BUS_SUBSCRIBERS ||
	    bus->block_size < 4096 || bus->block_size > LARGEST) {
		skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
			       "a bus cannot have %u blocks of %u bytes", blocks, bus->block_size);
		return NULL;
	}
	while (bus->n_blocks < blocks && !skep_bus_add_block(bus))
		;
	if (bus->n_blocks < blocks || !begin_block(bus, 0)) {
		skep_error_nomem(err, SKEP_STAGE_DELIVER);
		return NULL;
	}
	return SKEP_TAKE(bus);
}

void skep_bus_free(struct skep_bus *bus)
{
	if (!bus)
		return;
	for (uint32_t i = 0; i < bus->n_blocks; i++) {
		free(bus->blocks[i]->data);
		free(bus->blocks[i]);
	}
	for (uint32_t i = 0; i < bus->n_sources; i++) {
		free((char *)bus->sources[i]->name);
		free(bus->sources[i]);
	}
	pthread_mutex_destroy(&bus->subscribing);
	free(bus);
}

struct skep_source *skep_bus_add_source(struct skep_bus *bus, const char *name,
					const struct skep_schema *schema, struct skep_error *err)
{
	struct skep_source *source = NULL;

	if (bus->n_sources == SKEP_BUS_SOURCES) {
		skep_error_set(err, SKEP_STAGE_DELIVER, E2BIG, "more than %d sources of records",
			       SKEP_BUS_SOURCES);
		return NULL;
	}
	source = calloc(1, sizeof(*source));
	if (source)
		source->name = strdup(name);
	if (!source || !source->name) {
		free(source);
		skep_error_nomem(err, SKEP_STAGE_DELIVER);
		return NULL;
	}
	source->schema = schema;
	source->index = bus->n_sources;
	bus->sources[source->index] = source;
	__atomic_store_n(&bus->n_sources, source->index + 1, __ATOMIC_RELEASE);
	return source;
}

const struct skep_source *skep_bus_source(const struct skep_bus *bus, uint32_t index)
{
	return index < __atomic_load_n(&bus->n_sources, __ATOMIC_ACQUIRE) ? bus->sources[index] :
									    NULL;
}

void skep_bus_time(struct skep_bus *bus, int64_t now)
{
	bus->time = now;
}

/* One thread writes these; others may read them. */
/* NOLINTNEXTLINE(readability-non-const-parameter): it is written */
static inline void add(uint64_t *total, uint64_t n)
{
	__atomic_store_n(total, *total + n, __ATOMIC_RELAXED);
}

/* A block has ended: who sleeps since the last flush would come too late for it. */
static bool next_block(struct skep_bus *bus, size_t size)
{
	bool ok = begin_block(bus, size);

	skep_bus_wake(bus);
	return ok;
}

void skep_bus_publish(struct skep_bus *bus, const struct skep_source *source, int cpu,
		      const void *data, uint32_t len)
{
	size_t size = sizeof(struct skep_bus_head) + ((len + (size_t)7) & ~(size_t)7);
	struct skep_bus_head *head;

	bus->is_dirty = true;
	if (size > bus->block->cap - bus->at && (size > LARGEST || !next_block(bus, size))) {
		add(&bus->totals[source->index], 1);
		return;
	}
	head = (struct skep_bus_head *)(bus->block->data + bus->at);
	*head = (struct skep_bus_head){ len, source->index, bus->time, cpu, (uint32_t)size };
	memcpy(head + 1, data, len);
	bus->at += size;
	add(&bus->totals[source->index], 1);
	__atomic_store_n(&bus->block->filled, (uint32_t)bus->at, __ATOMIC_RELEASE);
}

void skep_bus_lose(struct skep_bus *bus, const struct skep_source *source, uint64_t n)
{
	add(&bus->missed[source->index], n);
}

uint64_t skep_bus_lost(const struct skep_bus *bus, const struct skep_source *source)
{
	return __atomic_load_n(&bus->missed[source->index], __ATOMIC_RELAXED);
}

void skep_bus_wake(struct skep_bus *bus)
{
	/* In one order with a sleeper's steps: it is counted, or it sees the new round. */
	__atomic_fetch_add(&bus->round, 1, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&bus->sleepers, __ATOMIC_SEQ_CST))
		syscall(SYS_futex, &bus->round, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}

void skep_bus_flush(struct skep_bus *bus)
{
	if (!bus->is_dirty)
		return;
	bus->is_dirty = false;
	skep_bus_wake(bus);
}

void skep_bus_end(struct skep_bus *bus)
{
	__atomic_store_n(&bus->has_ended, true, __ATOMIC_RELEASE);
	skep_bus_wake(bus);
}
