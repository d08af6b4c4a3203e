/* SPDX-License-Identifier: MIT */
/*
 * Names of code that a process has compiled itself, which it writes into /tmp/perf-PID.map
 * (tools/perf/Documentation/jit-interface.txt): "START SIZE symbol", numbers in hexadecimal.
 */
#ifndef SKEP_SYMBOL_PERF_MAP_H
#define SKEP_SYMBOL_PERF_MAP_H

#include <sys/types.h>

#include "symbol/names.h"

struct skep_perf_map {
	struct skep_names names;
	dev_t dev; /* of the file that was read, to know it again */
	ino_t ino;
	off_t size;
	int64_t checked; /* when, in nanoseconds; 0: never */
};

/* A line of the file. False for one that is not such a line. */
bool skep_perf_map_parse(const char *line, uint64_t *start, uint64_t *size, const char **name);

/* Adds all lines that are such, from where @fd is. -ENOMEM, -E2BIG. */
int skep_perf_map_read(struct skep_names *names, int fd);

/*
 * Reads the file of process @pid if there is one and it has changed: as the process sees it, by
 * its id in its own namespace. A file that belongs to another user than the process's and is not
 * root's is left alone: /tmp is everybody's.
 */
void skep_perf_map_refresh(struct skep_perf_map *map, int pid);

void skep_perf_map_free(struct skep_perf_map *map);

#endif
