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

/*
 * Where types are: the offset of every 2^shift-th. Walks go over several parts at once, so that
 * counting begins anew with each part.
 */
#define SKEP_BTF_PARTS 8

struct skep_btf_index {
	uint32_t n; /* types */
	uint32_t shift;
	uint32_t *offsets;
	uint32_t n_parts;
	struct skep_btf_part {
		uint32_t first;	     /* types before it */
		uint32_t slot;	     /* of its first type in `offsets` */
	} parts[SKEP_BTF_PARTS + 1]; /* up to one that begins behind all types */
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

	/* Made by the first walk: written once under the lock, before `is_indexed` is set. */
	atomic_bool is_indexed;
	uint32_t count;
	struct skep_btf_index index;

	_Atomic(uint32_t *) every; /* the offset of every type, for who asks for all; or NULL */

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

#define SKEP_BTF_LEAST_LEN ((uint32_t)sizeof(struct btf_type))

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

/*
 * Notes where every type is, for who is about to ask for all of them, and again and again. Without
 * memory, all stays as it is. The types must have been counted.
 */
void skep_btf_note_every(const struct skep_btf *btf);

/* Counts and checks all types. */
int skep_btf_ensure_index(const struct skep_btf *btf, struct skep_error *err);

/* Finds types and strings in the raw bytes, whose header has native order. */
int skep_btf_read_header(struct skep_btf *btf, struct skep_error *err);

/* Turn a foreign-order header, if it is whole, and types into native order, in place. */
void skep_btf_swap_header(uint8_t *data, size_t len);
int skep_btf_swap_types(uint8_t *types, uint32_t len, struct skep_error *err);

/*
 * The names that a walk looks for, behind a filter: whether any begins with bytes of that hash. Of
 * these there are at most four, and at most one more than the shortest name has: what follows a
 * name is NUL or the first underscore of a flavor.
 */
#define SKEP_BTF_FILTER_SHIFT 19

struct skep_btf_wanted {
	bool filter[1u << (32 - SKEP_BTF_FILTER_SHIFT)];
	uint32_t key_mask;	       /* of the bytes that count */
	const struct skep_hash *names; /* values are struct skep_btf_ids * */
};

/* The place in the filter of what begins so. */
static inline uint32_t skep_btf_key(uint32_t first_bytes, uint32_t key_mask)
{
	return (first_bytes & key_mask) * 0x9e3779b1u >> SKEP_BTF_FILTER_SHIFT;
}

/* To be looked for by the next walk: all of the names, of which empty ones are never found. */
void skep_btf_want(struct skep_btf_wanted *w, const char *const *names, const size_t *lens,
		   size_t n);

/* The ids of a name that passed the filter; NULL if it is not wanted. */
struct skep_btf_ids *skep_btf_wants(const struct skep_btf_wanted *w, const char *name);
bool skep_btf_add_id(struct skep_btf_ids *ids, uint32_t id);

/*
 * Checks all types, tells where they are, and adds the id of each type of a wanted name to those
 * ids. The result does not depend on @n_parts, the number of parts that are walked at once.
 * -EINVAL: the BTF is damaged; -ENOMEM.
 */
int skep_btf_walk(const struct skep_btf *btf, const struct skep_btf_wanted *w, uint32_t n_parts,
		  struct skep_btf_index *index, struct skep_error *err);

/*
 * A place at or after @from, with a type before the end, where types seem to follow each other; 0
 * if none was found. Only a walk from the first type can tell whether it is one.
 */
uint32_t skep_btf_find_start(const struct skep_btf *btf, uint32_t from);

/* The offset of a type by its number, from 0, among those of the BTF proper. */
uint32_t skep_btf_index_find(const struct skep_btf_index *index, const uint8_t *types, uint32_t n);

/* Walks for names, and notes where types are if that is not known yet. Called under the lock. */
int skep_btf_find_wanted(struct skep_btf *btf, const struct skep_btf_wanted *w);

void skep_btf_free_names(struct skep_btf *btf);

#endif
