// SPDX-License-Identifier: MIT
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK (16 * 1024)
#define ALIGN 16

struct skep_arena_chunk {
	struct skep_arena_chunk *next;
	size_t used, size;
	_Alignas(ALIGN) char data[];
};

/* A large request gets a chunk of its own, behind the one that is being filled. */
static struct skep_arena_chunk *add_chunk(struct skep_arena *arena, size_t len)
{
	size_t size = len > CHUNK / 4 ? len : CHUNK;
	struct skep_arena_chunk *chunk = calloc(1, sizeof(*chunk) + size);

	if (!chunk)
		return NULL;
	chunk->size = size;
	if (size != CHUNK && arena->chunks) {
		chunk->next = arena->chunks->next;
		arena->chunks->next = chunk;
	} else {
		chunk->next = arena->chunks;
		arena->chunks = chunk;
	}
	return chunk;
}

void *skep_arena_alloc(struct skep_arena *arena, size_t n, size_t size)
{
	struct skep_arena_chunk *chunk = arena->chunks;
	size_t len;

	if (__builtin_mul_overflow(n, size, &len) || len > SIZE_MAX / 2)
		return NULL;
	len = (len + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if (!chunk || len > chunk->size - chunk->used)
		chunk = add_chunk(arena, len);
	if (!chunk)
		return NULL;
	chunk->used += len;
	return chunk->data + chunk->used - len;
}

char *skep_arena_string(struct skep_arena *arena, const char *s, size_t len)
{
	char *copy = skep_arena_alloc(arena, len + 1, 1);

	if (copy)
		memcpy(copy, s, len);
	return copy;
}

void skep_arena_free(struct skep_arena *arena)
{
	while (arena->chunks) {
		struct skep_arena_chunk *next = arena->chunks->next;

		free(arena->chunks);
		arena->chunks = next;
	}
}
