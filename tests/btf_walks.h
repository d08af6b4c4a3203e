/* SPDX-License-Identifier: MIT */
/* Walks over the same BTF, in one part and in several, must not differ in anything. */
#ifndef SKEP_TESTS_BTF_WALKS_H
#define SKEP_TESTS_BTF_WALKS_H

#include <stdlib.h>
#include <string.h>

#include "btf/btf.h"

#define WALK_NAMES 8

/* What one walk tells. */
struct walk_result {
	int ret;
	struct skep_error err;
	struct skep_btf_index index;
	struct skep_btf_ids ids[WALK_NAMES];
};

static inline void walk_once(const struct skep_btf *btf, const char *const *names, uint32_t n_parts,
			     struct walk_result *result)
{
	struct skep_hash hash = { 0 };
	struct skep_btf_wanted wanted = { .names = &hash };
	size_t lens[WALK_NAMES] = { 0 }, n = 0;
	bool is_new;

	for (; n < WALK_NAMES && names[n]; n++) {
		lens[n] = strlen(names[n]);
		*skep_hash_put(&hash, names[n], lens[n], &is_new) = (uintptr_t)&result->ids[n];
	}
	skep_btf_want(&wanted, names, lens, n);
	result->ret = skep_btf_walk(btf, &wanted, n_parts, &result->index, &result->err);
	skep_hash_free(&hash);
}

static inline bool same_results(const struct skep_btf *btf, const struct walk_result *a,
				const struct walk_result *b)
{
	if (a->ret != b->ret || strcmp(a->err.cause, b->err.cause) != 0)
		return false;
	if (a->ret)
		return true;
	if (a->index.n != b->index.n)
		return false;
	for (uint32_t n = 0; n < a->index.n; n++)
		if (skep_btf_index_find(&a->index, btf->types, n) !=
		    skep_btf_index_find(&b->index, btf->types, n))
			return false;
	for (int i = 0; i < WALK_NAMES; i++)
		if (a->ids[i].len != b->ids[i].len ||
		    (a->ids[i].len &&
		     memcmp(a->ids[i].ids, b->ids[i].ids, a->ids[i].len * sizeof(uint32_t)) != 0))
			return false;
	return true;
}

static inline void free_result(struct walk_result *result)
{
	if (!result->ret)
		free(result->index.offsets);
	for (int i = 0; i < WALK_NAMES; i++)
		free(result->ids[i].ids);
}

/*
 * Into how many parts a walk for all of @names, at most WALK_NAMES and a NULL, was divided in the
 * end, 0 if the types are damaged; -1: what it says is not what a walk in one part says.
 */
static inline int compare_walks(const struct skep_btf *btf, const char *const *names)
{
	struct walk_result one = { 0 }, more = { 0 };
	int parts = -1;

	walk_once(btf, names, 1, &one);
	walk_once(btf, names, SKEP_BTF_PARTS, &more);
	if (same_results(btf, &one, &more))
		parts = one.ret ? 0 : (int)more.index.n_parts;
	free_result(&one);
	free_result(&more);
	return parts;
}

/* The same of bytes that need not be any BTF; these are of native order or count as damaged. */
static inline int compare_walks_over(const void *raw, size_t len, const struct skep_btf *base,
				     const char *const *names)
{
	struct skep_btf btf = {
		.raw = raw, .raw_len = len, .base = base, .label = (char *)"walked"
	};
	uint16_t magic = 0;

	btf.first_id = base ? base->count : 1;
	btf.first_string = base ? base->first_string + base->strings_len : 0;
	memcpy(&magic, raw, len < sizeof(magic) ? len : sizeof(magic));
	if (magic != BTF_MAGIC || skep_btf_read_header(&btf, NULL))
		return 0;
	return compare_walks(&btf, names);
}

#endif
