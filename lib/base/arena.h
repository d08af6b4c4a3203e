/* SPDX-License-Identifier: MIT */
/* Memory that is freed all at once. A zeroed arena is empty and valid. */
#ifndef SKEP_BASE_ARENA_H
#define SKEP_BASE_ARENA_H

#include <stddef.h>

struct skep_arena {
	struct skep_arena_chunk *chunks;
};

/* @n * @size zeroed bytes, aligned for any type; NULL when there is no memory (or they overflow).
 */
void *skep_arena_alloc(struct skep_arena *arena, size_t n, size_t size);

/* A copy of the first @len bytes of @s with a NUL behind them. */
char *skep_arena_string(struct skep_arena *arena, const char *s, size_t len);

void skep_arena_free(struct skep_arena *arena);

#endif
