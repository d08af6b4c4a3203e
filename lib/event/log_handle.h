/* SPDX-License-Identifier: MIT */
/* What a log is made of: the maps of one object, wherever they were found. */
#ifndef SKEP_EVENT_LOG_HANDLE_H
#define SKEP_EVENT_LOG_HANDLE_H

#include <skep/stack.h>

#include "event/log.h"

/* Names of addresses that were asked for; /proc/kallsyms is walked for each new one. */
#define SKEP_LOG_SYMBOLS 64

/* As source and kernel call them. The kernel puts an object's name before ".data.skeplog". */
#define SKEP_LOG_MAP_RING     "skep_log"
#define SKEP_LOG_MAP_COUNTERS "skep_log__cpu"
#define SKEP_LOG_MAP_TABLE    ".rodata.skeplog"
#define SKEP_LOG_MAP_LIMIT    ".data.skeplog"

struct skep_log {
	struct skep_map *ring_map, *counters, *table_map, *limit;
	bool owns_maps;
	struct skep_ring *ring;
	struct skep_log_table table;
	struct skep_log_env env;
	struct skep_text message;
	uint64_t damaged;
	skep_log_fn fn; /* of the reading that goes on, or of the loop */
	void *fn_ctx;

	uint64_t addresses[SKEP_LOG_SYMBOLS];
	struct skep_kernel_symbol symbols[SKEP_LOG_SYMBOLS];
	size_t n_symbols;
};

/* A log without maps; NULL: no memory. */
struct skep_log *skep_log_new(struct skep_error *err);

/* Opens the ring of a log whose maps and table are there. NULL, and @log closed: it failed. */
struct skep_log *skep_log_start(struct skep_log *log, struct skep_error *err);

int skep_log_nothing(struct skep_error *err);

#endif
