// SPDX-License-Identifier: MIT
/*
 * The walk over all types, and types by id. docs/decisions/0001 tells why there is but one walk.
 */
#include "btf/index.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "btf/btf.h"

/* Every type of a small BTF has its offset noted, every sixteenth of a large one. */
#define DENSE_UP_TO  (1u << 20)
#define SPARSE_SHIFT 4

size_t skep_btf_essential_len(const char *name)
{
	size_t len = strlen(name);

	for (size_t i = len; i >= 5; i--) {
		const char *c = name + i - 5;

		if (c[0] != '_' && c[1] == '_' && c[2] == '_' && c[3] == '_' && c[4] != '_')
			return (size_t)(c + 1 - name);
	}
	return len;
}

/*
 * The first eight bytes of a name, the first in the lowest bits, zero from its end on. The
 * string table ends with a NUL, so that only its last seven bytes need care.
 */
static uint64_t name_word(const char *name, const char *end)
{
	uint64_t word = 0, zero;

	if (__builtin_expect(end - name >= 8, 1))
		memcpy(&word, name, 8);
	else
		memcpy(&word, name, (size_t)(end - name));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	zero = (word - 0x0101010101010101ull) & ~word & 0x8080808080808080ull;
	if (zero)
		word &= ((zero & -zero) >> 7) - 1;
	return word;
}

/* True if a flavor's underscores stand in the word, or begin in it and go on behind it. */
static bool may_be_flavored(uint64_t word, const char *name)
{
	uint64_t x = word ^ 0x5f5f5f5f5f5f5f5full;
	uint64_t underscore = ~(((x & 0x7f7f7f7f7f7f7f7full) + 0x7f7f7f7f7f7f7f7full) | x |
				0x7f7f7f7f7f7f7f7full);
	uint64_t pair = underscore & underscore >> 8;

	return (pair & pair >> 8) || (underscore >> 63 && name[8] == '_');
}

static uint64_t word_of(const char *name, size_t len)
{
	char copy[9] = { 0 };

	memcpy(copy, name, len < 8 ? len : 8);
	return name_word(copy, copy + 9);
}

static uint32_t word_hash(uint64_t word)
{
	return (uint32_t)(word * 0x9e3779b97f4a7c15ull >> 52);
}

void skep_btf_want(struct skep_btf_wanted *w, const char *name, size_t len)
{
	uint32_t h = word_hash(word_of(name, len));

	w->filter[h / 64] |= 1ull << h % 64;
}

bool skep_btf_add_id(struct skep_btf_ids *ids, uint32_t id)
{
	if (ids->len == ids->cap) {
		size_t cap = ids->cap ? ids->cap * 2 : 4;
		uint32_t *grown = realloc(ids->ids, cap * sizeof(*grown));

		if (!grown)
			return false;
		ids->ids = grown;
		ids->cap = cap;
	}
	ids->ids[ids->len++] = id;
	return true;
}

/* A name passed the filter, or might after its flavor is cut: compare it in full. */
static void look_closely(struct skep_btf_wanted *w, const char *name, uint32_t id)
{
	uintptr_t *found = skep_hash_get(w->names, name, skep_btf_essential_len(name));
	struct skep_btf_ids *ids = found ? (void *)*found : NULL;

	if (ids && !ids->is_complete && !skep_btf_add_id(ids, id))
		w->failed = true;
}

static void look(struct skep_btf_wanted *w, const char *name, const char *end, uint32_t id)
{
	uint64_t word = name_word(name, end);
	uint32_t h = word_hash(word);

	if (w->filter[h / 64] >> h % 64 & 1 || may_be_flavored(word, name))
		look_closely(w, name, id);
}

/* What one walk does: checks every type, notes offsets if there are none yet, finds names. */
struct walk {
	uint32_t *offsets; /* NULL: they are known */
	uint32_t shift;
	uint32_t n; /* types seen */
};

static int damaged_type(const struct skep_btf *btf, uint32_t id, uint32_t off, const char *what,
			struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_READ, EINVAL,
		       "the BTF is damaged: type %u, %u bytes into the types, %s", id, off, what);
	skep_error_add_object(err, "%s", btf->label);
	return -EINVAL;
}

static int walk_types(const struct skep_btf *btf, struct walk *walk, struct skep_btf_wanted *w,
		      struct skep_error *err)
{
	const char *end = btf->strings + btf->strings_len;
	uint32_t off = 0, mask = (1u << walk->shift) - 1;

	for (walk->n = 0; off < btf->types_len; walk->n++) {
		const struct btf_type *t = (const void *)(btf->types + off);
		uint32_t len = skep_btf_type_len(t, btf->types_len - off);
		uint32_t id = btf->first_id + walk->n, name;

		if (!len)
			return damaged_type(btf, id, off, "is cut off or of an unknown kind", err);
		name = t->name_off;
		if (name - btf->first_string >= btf->strings_len && !(name < btf->first_string))
			return damaged_type(btf, id, off, "has a name outside the strings", err);
		if (walk->offsets && !(walk->n & mask))
			walk->offsets[walk->n >> walk->shift] = off;
		if (w && name && name >= btf->first_string)
			look(w, btf->strings + (name - btf->first_string), end, id);
		else if (w && name && name < btf->first_string)
			look_closely(w, skep_btf_string(btf->base, name), id);
		off += len;
	}
	return 0;
}

/* Twelve bytes are the least that a type takes. */
static int build_index(struct skep_btf *btf, struct skep_btf_wanted *w, struct skep_error *err)
{
	struct walk walk = { .shift = btf->types_len > DENSE_UP_TO ? SPARSE_SHIFT : 0 };
	size_t most = (btf->types_len / sizeof(struct btf_type) >> walk.shift) + 1;
	uint32_t *fitted;
	int ret;

	walk.offsets = malloc(most * sizeof(*walk.offsets));
	if (!walk.offsets)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	ret = walk_types(btf, &walk, w, err);
	if (ret) {
		free(walk.offsets);
		return ret;
	}
	fitted = realloc(walk.offsets, ((walk.n >> walk.shift) + 1) * sizeof(*fitted));
	btf->offsets = fitted ? fitted : walk.offsets;
	btf->shift = walk.shift;
	btf->count = btf->first_id + walk.n;
	atomic_store_explicit(&btf->is_indexed, true, memory_order_release);
	return 0;
}

int skep_btf_walk(struct skep_btf *btf, struct skep_btf_wanted *w)
{
	struct walk walk = { .shift = 0 };

	if (!atomic_load_explicit(&btf->is_indexed, memory_order_relaxed))
		return build_index(btf, w, NULL);
	return walk_types(btf, &walk, w, NULL);
}

int skep_btf_ensure_index(const struct skep_btf *const_btf, struct skep_error *err)
{
	/* The index is a cache: filling it does not change what the BTF says. */
	struct skep_btf *btf = (struct skep_btf *)const_btf;
	int ret = 0;

	if (atomic_load_explicit(&btf->is_indexed, memory_order_acquire))
		return 0;
	pthread_mutex_lock(&btf->lock);
	if (!atomic_load_explicit(&btf->is_indexed, memory_order_relaxed))
		ret = build_index(btf, NULL, err);
	pthread_mutex_unlock(&btf->lock);
	return ret;
}

const struct btf_type *skep_btf_type(const struct skep_btf *btf, uint32_t id)
{
	static const struct btf_type type_void;
	uint32_t n, off;

	if (!btf)
		return NULL;
	if (id && id < btf->first_id)
		return skep_btf_type(btf->base, id);
	if (!id)
		return &type_void;
	if (skep_btf_ensure_index(btf, NULL) || id >= btf->count)
		return NULL;
	n = id - btf->first_id;
	off = btf->offsets[n >> btf->shift];
	for (n &= (1u << btf->shift) - 1; n; n--)
		off += skep_btf_type_len((const void *)(btf->types + off), UINT32_MAX);
	return (const void *)(btf->types + off);
}

uint32_t skep_btf_count(const struct skep_btf *btf)
{
	if (!btf || skep_btf_ensure_index(btf, NULL))
		return 0;
	return btf->count;
}
