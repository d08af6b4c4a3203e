/* SPDX-License-Identifier: MIT */
/* What a loop waits for. */
#ifndef SKEP_EVENT_LOOP_H
#define SKEP_EVENT_LOOP_H

#include "base/vec.h"
#include "event/ring.h"

/* How often rings are looked at that wake nobody: while records come, and when none do. */
#define SKEP_LOOP_BUSY_NS 1000000
#define SKEP_LOOP_IDLE_NS 10000000

enum skep_loop_source_kind { SOURCE_STOP, SOURCE_TICK, SOURCE_RING, SOURCE_FD, SOURCE_TIMER };

struct skep_loop_source {
	enum skep_loop_source_kind kind;
	int fd;
	bool owns_fd, is_gone;
	struct skep_ring *ring;
	skep_record_fn record;
	skep_loop_fn fn;
	void *ctx;
};

struct skep_loop_idle {
	skep_loop_fn fn;
	void *ctx;
};

struct skep_loop {
	int epoll, stop, tick;
	bool stopping;
	uint64_t tick_ns;   /* 0: the tick is not armed */
	unsigned int quiet; /* rounds without a record */
	struct skep_vec(struct skep_loop_source *) sources;
	struct skep_vec(struct skep_loop_idle) idles;
};

/* Sets how often rings are looked at. */
void skep_loop_set_tick(struct skep_loop *loop, uint64_t ns);

/* The message for what errno says; returns it. */
int skep_loop_failed(struct skep_error *err, const char *what);

#endif
