/* SPDX-License-Identifier: MIT */
/* What a delivery is made of; for delivery.c and outlet.c. */
#ifndef SKEP_STREAM_OUTLET_H
#define SKEP_STREAM_OUTLET_H

#include <pthread.h>

#include "base/vec.h"
#include "stream/delivery.h"

/* A sink of a delivery, and its thread if it has one. */
struct outlet {
	struct skep_delivery *delivery;
	struct skep_sink *sink;
	struct skep_subscriber *sub; /* NULL: called by the publisher */
	pthread_t thread;
	uint32_t reopened; /* the last request it has followed */
	bool is_running;   /* has a thread */
	bool is_abandoned;
	bool is_broken; /* atomic: as the sink's */
	uint64_t done;	/* atomic: as far as is known of one that was abandoned */
	uint64_t told[SKEP_BUS_SOURCES];
	struct skep_sink_losses *losses; /* the delivery's */
};

struct skep_delivery {
	struct skep_bus *bus;
	struct skep_vec(struct outlet *) outlets;
	struct outlet *direct; /* called by the publisher */
	struct skep_sink_losses *losses;
	size_t n_threads;
	uint64_t published, filtered;
	skep_delivery_source_fn on_source;
	void *on_source_ctx;
	int64_t end_ns;
	int64_t deadline;      /* atomic; 0: not yet */
	uint32_t n_reopenings; /* atomic: requests so far */
	bool is_started;
	bool is_dirty; /* since the last flush */
	int64_t now;   /* of this round's records */
};

/* Gives it a thread, which reads from the bus. */
int skep_outlet_start(struct outlet *outlet, struct skep_error *err);

/* Waits for the thread's end until then (CLOCK_REALTIME); after that it is left behind. */
void skep_outlet_end(struct outlet *outlet, int64_t until);

/* The end of a batch. */
void skep_outlet_flush(struct outlet *outlet);

#endif
