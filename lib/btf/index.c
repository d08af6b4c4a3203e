// SPDX-License-Identifier: MIT
/*
 * Types by id and by name. docs/decisions/0001 tells why it is done by one walk.
 */
#include "btf/index.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "btf/btf.h"

/* Every type of a small BTF has its offset noted, every sixteenth of a large one. */
#define DENSE_UP_TO  (1u << 20)
#define SPARSE_SHIFT 4
#define N_HEADS	     (1u << 16)

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

/* The names that a walk looks for, behind a filter of one bit for each hash of a first word. */
struct wanted {
	uint64_t filter[4096 / 64];
	const struct skep_hash *names; /* values are struct skep_btf_ids * */
	bool failed;
};

static void want(struct wanted *w, const char *name, size_t len)
{
	uint32_t h = word_hash(word_of(name, len));

	w->filter[h / 64] |= 1ull << h % 64;
}

static bool add_id(struct skep_btf_ids *ids, uint32_t id)
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
static void look_closely(struct wanted *w, const char *name, uint32_t id)
{
	uintptr_t *found = skep_hash_get(w->names, name, skep_btf_essential_len(name));
	struct skep_btf_ids *ids = found ? (void *)*found : NULL;

	if (ids && !ids->is_complete && !add_id(ids, id))
		w->failed = true;
}

static void look(struct wanted *w, const char *name, const char *end, uint32_t id)
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

static int walk_types(const struct skep_btf *btf, struct walk *walk, struct wanted *w,
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
static int build_index(struct skep_btf *btf, struct wanted *w, struct skep_error *err)
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

/* The ids of a name, made empty if it was not asked for before. Called under the lock. */
static struct skep_btf_ids *name_ids(struct skep_btf *btf, const char *name, size_t len)
{
	uintptr_t *place = skep_hash_get(&btf->names, name, len);
	struct skep_btf_ids *ids;
	bool is_new;
	char *key;

	if (place)
		return (void *)*place;
	/* The ids and the key that the table points to are one allocation. */
	ids = calloc(1, sizeof(*ids) + len + 1);
	if (!ids)
		return NULL;
	key = (char *)(ids + 1);
	memcpy(key, name, len);
	place = skep_hash_put(&btf->names, key, len, &is_new);
	if (!place) {
		free(ids);
		return NULL;
	}
	*place = (uintptr_t)ids;
	return ids;
}

static uint32_t full_hash(const char *name, size_t len)
{
	return skep_hash_bytes(name, len) & (N_HEADS - 1);
}

/* A process that asks for ever new names gets all of them indexed: four bytes a type. */
static bool build_full(struct skep_btf *btf)
{
	uint32_t n = btf->count - btf->first_id;

	btf->heads = calloc(N_HEADS, sizeof(*btf->heads));
	btf->next = calloc(n ? n : 1, sizeof(*btf->next));
	if (!btf->heads || !btf->next) {
		free(btf->heads);
		free(btf->next);
		btf->heads = btf->next = NULL;
		return false;
	}
	/* Backwards, so that chains run through ascending ids. 0 ends a chain. */
	for (uint32_t id = btf->count - 1; id >= btf->first_id; id--) {
		const char *name = skep_btf_name(btf, id);
		uint32_t *head;

		if (!name[0])
			continue;
		head = &btf->heads[full_hash(name, skep_btf_essential_len(name))];
		btf->next[id - btf->first_id] = *head;
		*head = id;
	}
	return true;
}

static bool find_full(struct skep_btf *btf, const char *name, size_t len, struct skep_btf_ids *ids)
{
	uint32_t id = btf->heads[full_hash(name, len)];

	for (; id; id = btf->next[id - btf->first_id]) {
		const char *other = skep_btf_name(btf, id);

		if (skep_btf_essential_len(other) == len && !memcmp(other, name, len) &&
		    !add_id(ids, id))
			return false;
	}
	return true;
}

/* Fills the ids of the names in btf->names that are not complete. */
static int find_fresh(struct skep_btf *btf, struct wanted *w)
{
	struct walk walk = { .shift = 0 };
	int ret;

	w->names = &btf->names;
	if (!atomic_load_explicit(&btf->is_indexed, memory_order_relaxed))
		ret = build_index(btf, w, NULL);
	else
		ret = walk_types(btf, &walk, w, NULL);
	if (!ret)
		btf->walks++;
	return ret ?: w->failed ? -ENOMEM : 0;
}

/* Ids of the base come first: they are lower. */
static int start_with_base(const struct skep_btf *btf, const char *name, size_t len,
			   struct skep_btf_ids *ids)
{
	size_t n;
	const uint32_t *base = btf->base ? skep_btf_named(btf->base, name, len, &n) : NULL;

	for (size_t i = 0; base && i < n; i++)
		if (!add_id(ids, base[i]))
			return -ENOMEM;
	return 0;
}

/* Walks that answer nothing from memory, before all names are indexed. */
#define WALKS_BEFORE_FULL 4

static int prefetch_locked(struct skep_btf *btf, const char *const *names, const size_t *lens,
			   size_t n)
{
	bool full = btf->heads || (btf->walks >= WALKS_BEFORE_FULL && build_full(btf));
	struct wanted w = { .failed = false };
	bool any = false;
	int ret = 0;

	for (size_t i = 0; i < n; i++) {
		struct skep_btf_ids *ids = name_ids(btf, names[i], lens[i]);

		if (!ids)
			return -ENOMEM;
		if (ids->is_complete)
			continue;
		ids->len = 0;
		if (start_with_base(btf, names[i], lens[i], ids) ||
		    (full && !find_full(btf, names[i], lens[i], ids)))
			return -ENOMEM;
		want(&w, names[i], lens[i]);
		any = true;
	}
	if (any && !full)
		ret = find_fresh(btf, &w);
	for (size_t i = 0; i < n && !ret; i++)
		name_ids(btf, names[i], lens[i])->is_complete = true;
	return ret;
}

static int prefetch(const struct skep_btf *const_btf, const char *const *names, const size_t *lens,
		    size_t n)
{
	struct skep_btf *btf = (struct skep_btf *)const_btf;
	int ret;

	pthread_mutex_lock(&btf->lock);
	ret = prefetch_locked(btf, names, lens, n);
	pthread_mutex_unlock(&btf->lock);
	return ret;
}

int skep_btf_prefetch(const struct skep_btf *btf, const char *const *names, size_t n)
{
	SKEP_SCOPED(skep_scoped_free) size_t *lens = calloc(n ? n : 1, sizeof(*lens));

	if (!btf)
		return -EINVAL;
	if (!lens)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		lens[i] = skep_btf_essential_len(names[i]);
	return prefetch(btf, names, lens, n);
}

const uint32_t *skep_btf_named(const struct skep_btf *const_btf, const char *name, size_t len,
			       size_t *count)
{
	struct skep_btf *btf = (struct skep_btf *)const_btf;
	struct skep_btf_ids *ids = NULL;
	uintptr_t *place;

	*count = 0;
	if (!btf || !len || prefetch(btf, &name, &len, 1))
		return NULL;
	pthread_mutex_lock(&btf->lock);
	place = skep_hash_get(&btf->names, name, len);
	ids = place ? (void *)*place : NULL;
	pthread_mutex_unlock(&btf->lock);
	*count = ids ? ids->len : 0;
	return *count ? ids->ids : NULL;
}

uint32_t skep_btf_find(const struct skep_btf *btf, const char *name, uint32_t kind)
{
	size_t n;
	const uint32_t *ids = skep_btf_named(btf, name, skep_btf_essential_len(name), &n);

	for (size_t i = 0; i < n; i++) {
		const struct btf_type *t = skep_btf_type(btf, ids[i]);

		if ((!kind || skep_btf_kind(t) == kind) &&
		    !strcmp(skep_btf_name(btf, ids[i]), name))
			return ids[i];
	}
	return 0;
}

void skep_btf_free_names(struct skep_btf *btf)
{
	for (size_t i = 0; i < btf->names.cap; i++) {
		struct skep_btf_ids *ids = (void *)btf->names.slots[i].value;

		if (!btf->names.slots[i].key)
			continue;
		free(ids->ids);
		free(ids);
	}
	skep_hash_free(&btf->names);
	free(btf->heads);
	free(btf->next);
}
