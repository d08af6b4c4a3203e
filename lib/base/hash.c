// SPDX-License-Identifier: MIT
#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

static uint64_t load_word(const uint8_t *p, size_t len)
{
	uint64_t word = 0;

	memcpy(&word, p, len < 8 ? len : 8);
	return word;
}

/* Eight bytes a step, multiply and fold: names are short, and nothing here is secret. */
uint32_t skep_hash_bytes(const void *data, size_t len)
{
	const uint8_t *p = data;
	uint64_t h = len * 0x9e3779b97f4a7c15ull;

	for (; len > 8; p += 8, len -= 8)
		h = (h ^ load_word(p, 8)) * 0xff51afd7ed558ccdull, h ^= h >> 32;
	h = (h ^ load_word(p, len)) * 0xff51afd7ed558ccdull;
	return (uint32_t)(h ^ h >> 32);
}

/* The slot that holds the key, or the empty one where it would go. The table is never full. */
static struct skep_hash_slot *probe(const struct skep_hash *hash, const char *key, size_t len,
				    uint32_t h)
{
	for (size_t i = h & (hash->cap - 1);; i = (i + 1) & (hash->cap - 1)) {
		struct skep_hash_slot *slot = &hash->slots[i];

		if (!slot->key)
			return slot;
		if (slot->hash == h && slot->len == len && !memcmp(slot->key, key, len))
			return slot;
	}
}

static bool grow(struct skep_hash *hash)
{
	struct skep_hash bigger = { .used = hash->used, .cap = hash->cap ? hash->cap * 2 : 16 };

	bigger.slots = calloc(bigger.cap, sizeof(*bigger.slots));
	if (!bigger.slots)
		return false;
	for (size_t i = 0; i < hash->cap; i++) {
		struct skep_hash_slot *slot = &hash->slots[i];

		if (slot->key)
			*probe(&bigger, slot->key, slot->len, slot->hash) = *slot;
	}
	free(hash->slots);
	*hash = bigger;
	return true;
}

uintptr_t *skep_hash_get(const struct skep_hash *hash, const char *key, size_t len)
{
	struct skep_hash_slot *slot;

	if (!hash->cap)
		return NULL;
	slot = probe(hash, key, len, skep_hash_bytes(key, len));
	return slot->key ? &slot->value : NULL;
}

uintptr_t *skep_hash_put(struct skep_hash *hash, const char *key, size_t len, bool *is_new)
{
	uint32_t h = skep_hash_bytes(key, len);
	struct skep_hash_slot *slot;

	if (len > UINT32_MAX)
		return NULL;
	if (hash->used + 1 > hash->cap - hash->cap / 4 && !grow(hash))
		return NULL;
	slot = probe(hash, key, len, h);
	*is_new = !slot->key;
	if (*is_new) {
		*slot = (struct skep_hash_slot){ .key = key, .len = len, .hash = h };
		hash->used++;
	}
	return &slot->value;
}

void skep_hash_free(struct skep_hash *hash)
{
	free(hash->slots);
	*hash = (struct skep_hash){ 0 };
}
