/* SPDX-License-Identifier: MIT */
/*
 * Records to all sinks of a run. A single sink that never waits (stdout on a terminal, a file) is
 * called by whoever publishes; all others have a thread each and read from a bus, so that none of
 * them stops the reader or another one. What a sink loses is counted there: because it lagged
 * behind, or because it failed.
 *
 * One thread calls these functions, unless they say otherwise.
 */
#ifndef SKEP_STREAM_DELIVERY_H
#define SKEP_STREAM_DELIVERY_H

#include "stream/bus.h"
#include "stream/sink.h"

struct skep_delivery;

struct skep_delivery_opts {
	size_t size;
	int64_t end_ns; /* for sinks to deliver what they have at the end; 0: 5 s */
	struct skep_bus_opts bus;
};

struct skep_delivery_stats {
	const char *spec;	   /* "jsonl:events.log" */
	uint64_t delivered;	   /* records */
	uint64_t lagged;	   /* lost because the sink was too slow */
	uint64_t failed;	   /* lost because it could not deliver them */
	struct skep_error problem; /* the first; code 0: none */
};

struct skep_delivery *skep_delivery_new(const struct skep_delivery_opts *opts,
					struct skep_error *err);

/* The sink becomes the delivery's, also when this fails. May be called after the start, too. */
int skep_delivery_add(struct skep_delivery *d, struct skep_sink *sink, struct skep_error *err);

/* A new source, as of skep_bus_add_source(); before its records are published it may be changed. */
struct skep_source *skep_delivery_add_source(struct skep_delivery *d, const char *name,
					     const struct skep_schema *schema,
					     struct skep_error *err);

/*
 * Called with each source that is added from then on, which it may change; what it returns but 0
 * fails that.
 */
typedef int (*skep_delivery_source_fn)(void *ctx, struct skep_source *source,
				       struct skep_error *err);
void skep_delivery_on_source(struct skep_delivery *d, skep_delivery_source_fn fn, void *ctx);

/* Records that filters of their sources have kept away so far. */
uint64_t skep_delivery_filtered(const struct skep_delivery *d);

/* From here on records may come. */
int skep_delivery_start(struct skep_delivery *d, struct skep_error *err);

/* Never waits for a sink that may wait. */
void skep_delivery_publish(struct skep_delivery *d, const struct skep_source *source, int cpu,
			   const void *data, uint32_t len);

/* The time of the records that follow up to the next flush; otherwise it is now. */
void skep_delivery_time(struct skep_delivery *d, int64_t time);

/*
 * For who can wait, unlike the kernel: until each sink has room for a batch. One that takes nothing
 * for @patience_ns is waited for no longer; what it misses is lost.
 */
void skep_delivery_wait(struct skep_delivery *d, int64_t patience_ns);

/* So many records of this source have been lost in all before they came here. */
void skep_delivery_missed(struct skep_delivery *d, const struct skep_source *source,
			  uint64_t total);

/* After each round of reading, and some times a second when nothing comes. */
void skep_delivery_flush(struct skep_delivery *d);

/* Files are opened anew at the next flush. May be called from a signal handler. */
void skep_delivery_reopen(struct skep_delivery *d);

/* True when no sink is left that takes anything: its reader has gone. */
bool skep_delivery_is_over(const struct skep_delivery *d);

/* Nothing more comes: each sink delivers what it has, as far as its time allows. */
void skep_delivery_end(struct skep_delivery *d);

/* The sinks in the order in which they were added; after the end. False: there is none so far. */
bool skep_delivery_stats(const struct skep_delivery *d, size_t i,
			 struct skep_delivery_stats *stats);

/*
 * NULL is fine. False: a sink has not come back from a system call and is left behind, with what it
 * uses; so must its sources' schemas be.
 */
bool skep_delivery_free(struct skep_delivery *d);

#endif
