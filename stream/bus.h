/* SPDX-License-Identifier: MIT */
/*
 * Records from one publisher to any number of subscribers. The publisher never waits: a record is
 * copied once, and each subscriber reads it where it lies, at its own pace. One that lags behind
 * loses records, and is told how many of which source; the others notice nothing.
 *
 * Memory is a pool of blocks that are filled one after the other. A subscriber pins the block it
 * reads; the publisher takes the oldest one that nobody has pinned. The pool has a block more for
 * each subscriber, so there always is one. Each block begins with how many records of each source
 * came before it, so that a subscriber which finds blocks gone knows exactly what was in them.
 *
 * One thread publishes, adds sources and flushes. Each subscriber is one thread's. Subscribers come
 * and go at any time, from any thread. Records keep the order in which they were published.
 */
#ifndef SKEP_STREAM_BUS_H
#define SKEP_STREAM_BUS_H

#include <stdbool.h>
#include <skep/error.h>

#include "stream/source.h"

#define SKEP_BUS_SOURCES     1024
#define SKEP_BUS_SUBSCRIBERS 64

struct skep_bus;
struct skep_subscriber;

struct skep_bus_opts {
	size_t size;
	uint32_t blocks;     /* at least 2; 0: 16 */
	uint32_t block_size; /* bytes, at least 4096; 0: 256 KiB */
};

struct skep_bus_record {
	const void *data; /* aligned to 8 bytes; valid until the subscriber's next call */
	uint32_t len;
	int32_t cpu; /* -1: not known */
	const struct skep_source *source;
	int64_t time; /* as of skep_bus_time() */
};

struct skep_bus *skep_bus_new(const struct skep_bus_opts *opts, struct skep_error *err);

/* Subscribers must have gone. NULL is fine. */
void skep_bus_free(struct skep_bus *bus);

/*
 * A new source, which is the bus' and gets its index. @schema must outlive the bus; the name is
 * copied. NULL: there is no memory, or there are SKEP_BUS_SOURCES of them.
 */
struct skep_source *skep_bus_add_source(struct skep_bus *bus, const char *name,
					const struct skep_schema *schema, struct skep_error *err);

/* By its index; NULL: there is none so far. Any thread may ask. */
const struct skep_source *skep_bus_source(const struct skep_bus *bus, uint32_t index);

/* The time that the records which follow carry: nanoseconds since 1970. */
void skep_bus_time(struct skep_bus *bus, int64_t now);

/* Copies a record. One for which there is no memory is counted as lost by each subscriber. */
void skep_bus_publish(struct skep_bus *bus, const struct skep_source *source, int cpu,
		      const void *data, uint32_t len);

/* @n records of the source were lost before they came here, and how many it were in all. */
void skep_bus_lose(struct skep_bus *bus, const struct skep_source *source, uint64_t n);
uint64_t skep_bus_lost(const struct skep_bus *bus, const struct skep_source *source);

/* Wakes subscribers that wait, if there is something new: after each round of reading. */
void skep_bus_flush(struct skep_bus *bus);

/* Nothing more will be published. */
void skep_bus_end(struct skep_bus *bus);

/* From now on. NULL: there is no memory, or there are SKEP_BUS_SUBSCRIBERS of them. */
struct skep_subscriber *skep_bus_subscribe(struct skep_bus *bus, struct skep_error *err);
void skep_bus_unsubscribe(struct skep_subscriber *sub);

/* The next record; false when there is none yet. */
bool skep_subscriber_next(struct skep_subscriber *sub, struct skep_bus_record *record);

/* Waits for a flush, at most so long. True: there may be something new. */
bool skep_subscriber_wait(struct skep_subscriber *sub, int timeout_ms);

/* How many blocks it is behind the publisher. Any thread may ask. */
uint64_t skep_subscriber_behind(const struct skep_subscriber *sub);

/* True when the bus has ended and all was read. */
bool skep_subscriber_at_end(struct skep_subscriber *sub);

/*
 * Records of a source that this subscriber has lost so far because it lagged, as far as it has
 * come: after skep_subscriber_stop() it is the whole number.
 */
uint64_t skep_subscriber_lost(const struct skep_subscriber *sub, const struct skep_source *source);

/* The same of all sources. */
uint64_t skep_subscriber_lost_all(const struct skep_subscriber *sub);

/* At the bus' end: what was published and not read is lost now, and reading is over. */
void skep_subscriber_stop(struct skep_subscriber *sub);

/* Wakes all that wait. May be called from a signal handler. */
void skep_bus_wake(struct skep_bus *bus);

#endif
