// SPDX-License-Identifier: MIT
/* The bus' side of the subscribers: blocks are pinned and read. */
#include "stream/bus_block.h"

#include <linux/futex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"

struct skep_subscriber {
	struct skep_bus *bus;
	struct skep_bus_block *block; /* pinned */
	uint64_t turn;		      /* of that block; atomic */
	uint32_t at, filled;	      /* where it reads, and how far it may */
	uint64_t seen[SKEP_BUS_SOURCES];
	uint64_t lost[SKEP_BUS_SOURCES];
};

/* The block with the lowest turn above @after that is still there. */
struct skep_bus_block *skep_bus_pin(struct skep_bus *bus, uint64_t after)
{
	uint32_t n = __atomic_load_n(&bus->n_blocks, __ATOMIC_ACQUIRE);

	for (;;) {
		struct skep_bus_block *next = NULL;
		uint64_t least = UINT64_MAX;

		for (uint32_t i = 0; i < n; i++) {
			uint64_t state = __atomic_load_n(&bus->blocks[i]->state, __ATOMIC_RELAXED);

			if (SKEP_BUS_TURN(state) <= after || state >= least)
				continue;
			next = bus->blocks[i];
			least = state;
		}
		/* Acquire: what the publisher wrote when it began the block is there. */
		if (next && __atomic_compare_exchange_n(&next->state, &least, least + 1, false,
							__ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
			return next;
	}
}

void skep_bus_unpin(struct skep_bus_block *block)
{
	__atomic_fetch_sub(&block->state, 1, __ATOMIC_RELEASE);
}

/* What came before this block and was not seen has been lost. */
static void count_missed(struct skep_subscriber *sub, const uint64_t *totals, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		uint64_t total = __atomic_load_n(&totals[i], __ATOMIC_RELAXED);

		sub->lost[i] += total - sub->seen[i];
		sub->seen[i] = total;
	}
}

static void enter_block(struct skep_subscriber *sub, uint64_t after)
{
	struct skep_bus_block *block = skep_bus_pin(sub->bus, after);

	sub->block = block;
	__atomic_store_n(&sub->turn,
			 SKEP_BUS_TURN(__atomic_load_n(&block->state, __ATOMIC_RELAXED)),
			 __ATOMIC_RELAXED);
	sub->filled = sub->at = block->n_totals * (uint32_t)sizeof(uint64_t);
	count_missed(sub, (const uint64_t *)block->data, block->n_totals);
}

/* True if there is more to read, in this block or behind it. */
static bool look(struct skep_subscriber *sub, uint64_t *current)
{
	/* In this order: a block that is no longer the current one has been filled up. */
	*current = __atomic_load_n(&sub->bus->current, __ATOMIC_ACQUIRE);
	sub->filled = __atomic_load_n(&sub->block->filled, __ATOMIC_ACQUIRE);
	return sub->at < sub->filled || sub->turn != *current;
}

bool skep_subscriber_next(struct skep_subscriber *sub, struct skep_bus_record *record)
{
	const struct skep_bus_head *head;
	uint64_t current;

	while (sub->at == sub->filled) {
		if (!look(sub, &current))
			return false;
		if (sub->at < sub->filled)
			break;
		skep_bus_unpin(sub->block);
		enter_block(sub, sub->turn);
	}
	head = (const struct skep_bus_head *)(sub->block->data + sub->at);
	*record = (struct skep_bus_record){ .data = head + 1,
					    .len = head->len,
					    .cpu = head->cpu,
					    .source = sub->bus->sources[head->source],
					    .time = head->time };
	sub->at += head->size;
	sub->seen[head->source]++;
	return true;
}

/* It begins at the newest block, behind what is there now. */
static void begin_now(struct skep_subscriber *sub)
{
	uint64_t current = __atomic_load_n(&sub->bus->current, __ATOMIC_ACQUIRE);
	struct skep_bus_record record;

	enter_block(sub, current - 1);
	look(sub, &current);
	while (sub->at < sub->filled)
		skep_subscriber_next(sub, &record);
	memset(sub->lost, 0, sizeof(sub->lost));
}

/* With the bus' mutex held. 0 or -ENOMEM. */
static int add_subscriber(struct skep_bus *bus)
{
	if (bus->n_subscribers == SKEP_BUS_SUBSCRIBERS)
		return -ENOMEM;
	if (bus->n_blocks <= bus->least_blocks + bus->n_subscribers && skep_bus_add_block(bus))
		return -ENOMEM;
	bus->n_subscribers++;
	return 0;
}

struct skep_subscriber *skep_bus_subscribe(struct skep_bus *bus, struct skep_error *err)
{
	struct skep_subscriber *sub = calloc(1, sizeof(*sub));
	int ret = -ENOMEM;

	if (sub) {
		pthread_mutex_lock(&bus->subscribing);
		ret = add_subscriber(bus);
		pthread_mutex_unlock(&bus->subscribing);
	}
	if (ret) {
		skep_error_nomem(err, SKEP_STAGE_DELIVER);
		free(sub);
		return NULL;
	}
	sub->bus = bus;
	begin_now(sub);
	return sub;
}

void skep_bus_unsubscribe(struct skep_subscriber *sub)
{
	if (!sub)
		return;
	skep_bus_unpin(sub->block);
	pthread_mutex_lock(&sub->bus->subscribing);
	sub->bus->n_subscribers--;
	pthread_mutex_unlock(&sub->bus->subscribing);
	free(sub);
}

bool skep_subscriber_wait(struct skep_subscriber *sub, int timeout_ms)
{
	const struct timespec timeout = { timeout_ms / 1000, timeout_ms % 1000 * 1000000L };
	struct skep_bus *bus = sub->bus;
	uint32_t round = __atomic_load_n(&bus->round, __ATOMIC_ACQUIRE);
	uint64_t current;

	if (look(sub, &current) || __atomic_load_n(&bus->has_ended, __ATOMIC_ACQUIRE))
		return true;
	__atomic_fetch_add(&bus->sleepers, 1, __ATOMIC_SEQ_CST);
	syscall(SYS_futex, &bus->round, FUTEX_WAIT_PRIVATE, round, &timeout, NULL, 0);
	__atomic_fetch_sub(&bus->sleepers, 1, __ATOMIC_SEQ_CST);
	return look(sub, &current);
}

uint64_t skep_subscriber_behind(const struct skep_subscriber *sub)
{
	return __atomic_load_n(&sub->bus->current, __ATOMIC_RELAXED) -
	       __atomic_load_n(&sub->turn, __ATOMIC_RELAXED);
}

bool skep_subscriber_at_end(struct skep_subscriber *sub)
{
	uint64_t current;

	return __atomic_load_n(&sub->bus->has_ended, __ATOMIC_ACQUIRE) && !look(sub, &current);
}

uint64_t skep_subscriber_lost(const struct skep_subscriber *sub, const struct skep_source *source)
{
	return sub->lost[source->index];
}

uint64_t skep_subscriber_lost_all(const struct skep_subscriber *sub)
{
	uint64_t lost = 0;

	for (uint32_t i = 0; i < SKEP_BUS_SOURCES; i++)
		lost += sub->lost[i];
	return lost;
}

void skep_subscriber_stop(struct skep_subscriber *sub)
{
	uint32_t n = __atomic_load_n(&sub->bus->n_sources, __ATOMIC_ACQUIRE);

	if (__atomic_load_n(&sub->bus->has_ended, __ATOMIC_ACQUIRE))
		count_missed(sub, sub->bus->totals, n);
}
