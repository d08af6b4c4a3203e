/* SPDX-License-Identifier: MIT */
/* What a skep_btf is made of; for lib/btf/ alone. */
#ifndef SKEP_BTF_BTF_H
#define SKEP_BTF_BTF_H

#include <pthread.h>
#include <stdatomic.h>
#include <skep/btf.h>

#include "base/hash.h"

/* The ids of the types that have one essential name. */
struct skep_btf_ids {
	uint32_t *ids;
	size_t len, cap;
	bool is_complete; /* false until a walk has looked for them all */
};

struct skep_btf {
	const struct skep_btf *base;
	char *label;
	bool is_foreign;

	const uint8_t *raw; /* header and all, native order */
	size_t raw_len;
	const uint8_t *types;
	uint32_t types_len;
	const char *strings;
	uint32_t strings_len;
	uint32_t first_id;     /* 1, or the base's count */
	uint32_t first_string; /* 0, or the length of the base's strings */

	void *owned; /* a copy that was read or swapped */
	void *map;   /* a mapping of map_len bytes */
	size_t map_len;

	/*
	 * The index, made by the first walk: count and every 2^shift-th type's offset. Written once
	 * under the lock, before `is_indexed` is set.
	 */
	atomic_bool is_indexed;
	uint32_t count;
	uint32_t shift;
	uint32_t *offsets;

	atomic_uint pointer_size; /* 0: not known yet */

	/* Names that were asked for, under the lock. Keys point into owned copies in `ids`. */
	pthread_mutex_t lock;
	struct skep_hash names;
	unsigned int walks;	/* that looked for names */
	uint32_t *heads, *next; /* the full name index, from the second such walk on */
};

/*
 * Bytes of each kind and of each of its members. A table, since the order of kinds in a kernel's
 * BTF is nothing that a branch predictor could learn, and a walk goes over all of them.
 */
#define SKEP_BTF_KINDS (BTF_INFO_KIND(UINT32_MAX) + 1)

struct skep_btf_lens {
	uint8_t fixed, member;
};

extern const struct skep_btf_lens skep_btf_lens[SKEP_BTF_KINDS];

/* Bytes of the type at @t, of which @left are there: 0 if it is cut off or of an unknown kind. */
static inline uint32_t skep_btf_type_len(const struct btf_type *t, uint32_t left)
{
	const struct skep_btf_lens *lens;
	uint32_t len;

	if (left < sizeof(*t))
		return 0;
	lens = &skep_btf_lens[BTF_INFO_KIND(t->info)];
	len = lens->fixed + BTF_INFO_VLEN(t->info) * lens->member;
	return len <= left ? len : 0;
}

/* Counts and checks all types. */
int skep_btf_ensure_index(const struct skep_btf *btf, struct skep_error *err);

/* Finds types and strings in the raw bytes, whose header has native order. */
int skep_btf_read_header(struct skep_btf *btf, struct skep_error *err);

/* Turn a foreign-order header, if it is whole, and types into native order, in place. */
void skep_btf_swap_header(uint8_t *data, size_t len);
int skep_btf_swap_types(uint8_t *types, uint32_t len, struct skep_error *err);

/* The names that a walk looks for, behind a filter of one bit for each hash of a first word. */
struct skep_btf_wanted {
	uint64_t filter[4096 / 64];
	const struct skep_hash *names; /* values are struct skep_btf_ids * */
	bool failed;
};

/* To be looked for by the next walk. */
void skep_btf_want(struct skep_btf_wanted *w, const char *name, size_t len);
bool skep_btf_add_id(struct skep_btf_ids *ids, uint32_t id);

/*
 * Adds the id of each type of a wanted name to those names' ids, and notes where types are if that
 * is not known yet. Called under the lock. -EINVAL: the BTF is damaged; w->failed: no memory.
 */
int skep_btf_walk(struct skep_btf *btf, struct skep_btf_wanted *w);

void skep_btf_free_names(struct skep_btf *btf);

#endif
