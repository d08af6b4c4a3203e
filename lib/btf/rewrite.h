/* SPDX-License-Identifier: MIT */
/* What a type refers to: ids of other types, and offsets of strings. */
#ifndef SKEP_BTF_REWRITE_H
#define SKEP_BTF_REWRITE_H

#include <skep/btf.h>

struct skep_btf_rewrite {
	uint32_t (*id)(void *ctx, uint32_t id);
	uint32_t (*string)(void *ctx, uint32_t offset);
	void *ctx;
};

/*
 * Shows all references of a whole type and puts what is returned in their place; one that stays
 * as it is is not written, so that types can be looked at where they are. Either function may be
 * NULL.
 */
void skep_btf_rewrite(const struct skep_btf_rewrite *rewrite, struct btf_type *t);

static inline void skep_btf_look(const struct skep_btf_rewrite *look, const struct btf_type *t)
{
	skep_btf_rewrite(look, (struct btf_type *)t);
}

/* The types that a type refers to: one of its own or NULL, and every @stride-th word from @more. */
struct skep_btf_refs {
	const uint32_t *own, *more;
	uint32_t n_more, stride;
};

struct skep_btf_refs skep_btf_refs(const struct btf_type *t);

/* A hash of all that a type says but which types it refers to, and whether two say the same. */
uint64_t skep_btf_shape(const struct btf_type *t);
bool skep_btf_same_shape(const struct btf_type *t, const struct btf_type *other);

#endif
