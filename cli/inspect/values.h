/* SPDX-License-Identifier: MIT */
/* A map's keys and values as JSON, by its BTF; or as bytes where it has none. */
#ifndef SKEP_CLI_INSPECT_VALUES_H
#define SKEP_CLI_INSPECT_VALUES_H

#include "cli/inspect/inspect.h"

struct map_values {
	struct skep_map *map;
	struct skep_schema *key, *value; /* NULL: bytes */
	uint32_t type;
	bool is_percpu;
	size_t value_bytes; /* of a look-up: of all CPUs together */
};

/* The map that a word names, for reading and writing. */
int map_values_open(struct map_values *v, const char *word, struct skep_error *err);
void map_values_close(struct map_values *v);

/* Appends a key, or a value (that of each CPU in an array), as JSON. */
void map_write_key(const struct map_values *v, const void *key, struct skep_text *out);
void map_write_value(const struct map_values *v, void *value, struct skep_text *out);

/*
 * Reads a word of the command line: JSON by the type, "hex:0a0b" for bytes, or "@FILE" which has
 * one of these. What the kernel takes as a file descriptor is named: programs and maps as
 * everywhere, a task by its number, a cgroup or file by its path. Such an fd is put into *fd, to be
 * closed when it was used, and else -1. One value of a per-CPU map goes to all CPUs, an array to
 * each its own.
 */
int map_read_key(const struct map_values *v, const char *word, void *key, int *fd,
		 struct skep_error *err);
int map_read_value(const struct map_values *v, const char *word, void *value, int *fd,
		   struct skep_error *err);

#endif
