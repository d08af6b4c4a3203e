/* SPDX-License-Identifier: MIT */
/*
 * A hash table from strings (pointer and length; the bytes stay the caller's) to one word. A
 * zeroed table is empty and valid.
 */
#ifndef SKEP_BASE_HASH_H
#define SKEP_BASE_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct skep_hash_slot {
	const char *key;
	uint32_t len;
	uint32_t hash;
	uintptr_t value;
};

struct skep_hash {
	struct skep_hash_slot *slots;
	size_t used, cap; /* cap is a power of two, or 0 */
};

uint32_t skep_hash_bytes(const void *data, size_t len);

/* The value's place, or NULL when the key is not there. */
uintptr_t *skep_hash_get(const struct skep_hash *hash, const char *key, size_t len);

/*
 * The value's place, made (with value 0) if the key is new, which *is_new tells; NULL when there
 * is no memory. The place is valid until the next put.
 */
uintptr_t *skep_hash_put(struct skep_hash *hash, const char *key, size_t len, bool *is_new);

void skep_hash_free(struct skep_hash *hash);

#endif
