/* SPDX-License-Identifier: MIT */
/* What a process has mapped, /proc/PID/maps. */
#ifndef SKEP_USER_MAPS_H
#define SKEP_USER_MAPS_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

struct skep_mapping {
	uint64_t start, end, offset;
	uint64_t inode;	     /* of the file; 0: there is none */
	char mode[5];	     /* "r-xp" */
	char path[PATH_MAX]; /* without " (deleted)"; "" for none */
};

/* A line of the file. False for one that is not such a line. */
bool skep_maps_parse(const char *line, struct skep_mapping *mapping);

/*
 * The first mapping of @name: a path, or the last part of one. False when there is none, or the
 * file may not be read.
 */
bool skep_maps_find(int pid, const char *name, struct skep_mapping *mapping);

/*
 * The address of byte @offset of the file that @path leads to, where process @pid can run it;
 * false when it is not mapped.
 */
bool skep_maps_address(int pid, const char *path, uint64_t offset, uint64_t *address);

#endif
