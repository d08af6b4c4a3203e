// SPDX-License-Identifier: MIT
/* Types by name: what walks have found is kept, until so many were asked for that all are indexed.
 */
#include "btf/index.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "btf/btf.h"

#define N_HEADS (1u << 16)

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
		    !skep_btf_add_id(ids, id))
			return false;
	}
	return true;
}

/* Fills the ids of those names that are not complete. */
static int find_fresh(struct skep_btf *btf, const char *const *names, const size_t *lens, size_t n)
{
	struct skep_btf_wanted w = { .names = &btf->names };

	skep_btf_want(&w, names, lens, n);
	return skep_btf_find_wanted(btf, &w);
}

/* Ids of the base come first: they are lower. */
static int start_with_base(const struct skep_btf *btf, const char *name, size_t len,
			   struct skep_btf_ids *ids)
{
	size_t n;
	const uint32_t *base = btf->base ? skep_btf_named(btf->base, name, len, &n) : NULL;

	for (size_t i = 0; base && i < n; i++)
		if (!skep_btf_add_id(ids, base[i]))
			return -ENOMEM;
	return 0;
}

/* Walks that answer nothing from memory, before all names are indexed. */
#define WALKS_BEFORE_FULL 4

static int prefetch_locked(struct skep_btf *btf, const char *const *names, const size_t *lens,
			   size_t n)
{
	bool full = btf->heads || (btf->walks >= WALKS_BEFORE_FULL && build_full(btf));
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
		any = true;
	}
	if (any && !full)
		ret = find_fresh(btf, names, lens, n);
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
	const uint32_t *ids;

	if (!btf || !name)
		return 0;
	ids = skep_btf_named(btf, name, skep_btf_essential_len(name), &n);
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
