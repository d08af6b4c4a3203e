/* SPDX-License-Identifier: MIT */
/* What a symbolizer remembers. */
#ifndef SKEP_SYMBOL_SYMBOLIZER_H
#define SKEP_SYMBOL_SYMBOLIZER_H

#include <pthread.h>
#include <skep/symbol.h>

#include "symbol/kernel.h"
#include "symbol/process.h"

struct skep_symbolizer {
	pthread_mutex_t lock; /* taken by schemas, which threads share */
	char *debug_root;
	uint32_t max_processes;
	uint64_t max_bytes, bytes; /* of files' names */
	uint64_t calls;		   /* counts up, and says what was used longest ago */
	bool has_read_made;	   /* names of compiled code, since room was made last */
	struct skep_kernel_names kernel;
	struct skep_vec(struct skep_process *) processes;
	struct skep_vec(struct skep_symbol_file *) files;
};

/*
 * symbol/cache.c: the process, looked at now; NULL with *code set when it cannot be. What was used
 * longest ago makes room, but nothing that was used in this call.
 */
struct skep_process *skep_symbolizer_process(struct skep_symbolizer *s, int pid, int *code);

/* The file of an area, or NULL. */
struct skep_symbol_file *skep_symbolizer_file(struct skep_symbolizer *s,
					      const struct skep_process *process,
					      struct skep_area *area);

/* A file that was seen before, or is among the process's (NULL: none), or kept by its id. */
struct skep_symbol_file *skep_symbolizer_file_of_id(struct skep_symbolizer *s,
						    struct skep_process *process,
						    const struct skep_build_id *id);

/* Begins a call: makes room. */
void skep_symbolizer_begin(struct skep_symbolizer *s);

#endif
