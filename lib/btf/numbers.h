/* SPDX-License-Identifier: MIT */
/* A table from 64-bit keys, none of them 0, to 32-bit numbers, for as many keys as it is made for.
 */
#ifndef SKEP_BTF_NUMBERS_H
#define SKEP_BTF_NUMBERS_H

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

struct skep_btf_numbers {
	uint64_t *keys; /* 0: free */
	uint32_t *values;
	uint32_t mask;
};

static inline void skep_btf_numbers_free(struct skep_btf_numbers *t)
{
	free(t->keys);
	free(t->values);
	*t = (struct skep_btf_numbers){ 0 };
}

/* Room for @n keys. 0 or -ENOMEM. */
static inline int skep_btf_numbers_make(struct skep_btf_numbers *t, uint32_t n)
{
	*t = (struct skep_btf_numbers){ .mask = 63 };
	while (t->mask < 2ull * n && t->mask < UINT32_MAX / 2)
		t->mask = t->mask * 2 + 1;
	t->keys = calloc(t->mask + 1ul, sizeof(*t->keys));
	t->values = calloc(t->mask + 1ul, sizeof(*t->values));
	if (t->keys && t->values)
		return 0;
	skep_btf_numbers_free(t);
	return -ENOMEM;
}

/* The key's number, 0 if it is new. */
static inline uint32_t *skep_btf_number(struct skep_btf_numbers *t, uint64_t key)
{
	uint32_t slot = (uint32_t)(key * 0x9e3779b97f4a7c15ull >> 32) & t->mask;

	while (t->keys[slot] && t->keys[slot] != key)
		slot = (slot + 1) & t->mask;
	t->keys[slot] = key;
	return &t->values[slot];
}

#endif
