/* SPDX-License-Identifier: MIT */
/*
 * The bus' memory. A block's state is the number of its turn and how many subscribers have pinned
 * it, in one word: pinning succeeds only while the turn is the one that was meant, and taking only
 * while nobody has pinned. Turn 0 is a block that holds nothing (yet, or just now).
 */
#ifndef SKEP_STREAM_BUS_BLOCK_H
#define SKEP_STREAM_BUS_BLOCK_H

#include <pthread.h>

#include "stream/bus.h"

#define SKEP_BUS_BLOCKS	  1024
#define SKEP_BUS_PINS	  0xffffu
#define SKEP_BUS_TURN(s)  ((s) >> 16)
#define SKEP_BUS_STATE(t) ((uint64_t)(t) << 16)

/* Stands before each record; both begin at multiples of 8 bytes. */
struct skep_bus_head {
	uint32_t len;
	uint32_t source;
	int64_t time;
	int32_t cpu;
	uint32_t size; /* up to the next one */
};

struct skep_bus_block {
	uint64_t state;	   /* atomic */
	uint32_t filled;   /* atomic: bytes that may be read */
	uint32_t n_totals; /* of sources, at the block's start */
	size_t cap;
	uint8_t *data;
};

struct skep_bus {
	/* The publisher's own. */
	struct skep_bus_block *block;
	size_t at;
	int64_t time;
	uint64_t turn;
	bool is_dirty;
	uint32_t block_size;

	uint64_t current;  /* atomic: turn of the block that is being filled */
	uint32_t n_blocks; /* atomic; below it, blocks[] does not change */
	uint32_t n_sources;
	uint32_t round;	   /* atomic: goes up with each waking; what is slept on */
	uint32_t sleepers; /* atomic */
	bool has_ended;	   /* atomic */
	struct skep_bus_block *blocks[SKEP_BUS_BLOCKS];
	struct skep_source *sources[SKEP_BUS_SOURCES];
	uint64_t totals[SKEP_BUS_SOURCES]; /* atomic: records published */
	uint64_t missed[SKEP_BUS_SOURCES]; /* atomic: lost before they came here */

	pthread_mutex_t subscribing; /* never taken by the publisher */
	uint32_t least_blocks, n_subscribers;
};

/* Turns of a bus' blocks that are there, for reading: pinned, or NULL. */
struct skep_bus_block *skep_bus_pin(struct skep_bus *bus, uint64_t after);
void skep_bus_unpin(struct skep_bus_block *block);

/* One more block, empty. 0 or -ENOMEM. */
int skep_bus_add_block(struct skep_bus *bus);

#endif
