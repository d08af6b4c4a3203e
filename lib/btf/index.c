// SPDX-License-Identifier: MIT
/* Types by id. */
#include "btf/index.h"

#include <stdlib.h>

#include "btf/btf.h"

/* One walker is enough for what is small. */
#define SMALL (1u << 20)

static int walk(struct skep_btf *btf, const struct skep_btf_wanted *w, struct skep_error *err)
{
	struct skep_btf_index index;
	int ret = skep_btf_walk(btf, w, btf->types_len > SMALL ? SKEP_BTF_PARTS : 1, &index, err);

	if (ret)
		return ret;
	if (atomic_load_explicit(&btf->is_indexed, memory_order_relaxed)) {
		free(index.offsets);
		return 0;
	}
	btf->index = index;
	btf->count = btf->first_id + index.n;
	atomic_store_explicit(&btf->is_indexed, true, memory_order_release);
	return 0;
}

int skep_btf_find_wanted(struct skep_btf *btf, const struct skep_btf_wanted *w)
{
	int ret = walk(btf, w, NULL);

	btf->walks += !ret;
	return ret;
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
		ret = walk(btf, NULL, err);
	pthread_mutex_unlock(&btf->lock);
	return ret;
}

uint32_t skep_btf_index_find(const struct skep_btf_index *index, const uint8_t *types, uint32_t n)
{
	const struct skep_btf_part *part = index->parts;
	uint32_t off;

	while (n >= part[1].first)
		part++;
	n -= part->first;
	off = index->offsets[part->slot + (n >> index->shift)];
	for (n &= (1u << index->shift) - 1; n; n--)
		off += skep_btf_type_len((const void *)(types + off), UINT32_MAX);
	return off;
}

void skep_btf_note_every(const struct skep_btf *const_btf)
{
	struct skep_btf *btf = (struct skep_btf *)const_btf;
	uint32_t n, off = 0, *every;

	if (btf && btf->base)
		skep_btf_note_every(btf->base);
	if (!btf || skep_btf_ensure_index(btf, NULL))
		return;
	pthread_mutex_lock(&btf->lock);
	n = btf->count - btf->first_id;
	every = atomic_load_explicit(&btf->every, memory_order_relaxed) ?
			NULL :
			malloc((n + 1ul) * sizeof(*every));
	for (uint32_t i = 0; every && i < n; i++) {
		every[i] = off;
		off += skep_btf_type_len((const void *)(btf->types + off), UINT32_MAX);
	}
	if (every)
		atomic_store_explicit(&btf->every, every, memory_order_release);
	pthread_mutex_unlock(&btf->lock);
}

const struct btf_type *skep_btf_type(const struct skep_btf *btf, uint32_t id)
{
	static const struct btf_type type_void;
	const uint32_t *every;

	if (!btf)
		return NULL;
	if (id && id < btf->first_id)
		return skep_btf_type(btf->base, id);
	if (!id)
		return &type_void;
	every = atomic_load_explicit(&btf->every, memory_order_acquire);
	if (every)
		return id < btf->count ? (const void *)(btf->types + every[id - btf->first_id]) :
					 NULL;
	if (skep_btf_ensure_index(btf, NULL) || id >= btf->count)
		return NULL;
	return (const void *)(btf->types +
			      skep_btf_index_find(&btf->index, btf->types, id - btf->first_id));
}

uint32_t skep_btf_count(const struct skep_btf *btf)
{
	if (!btf || skep_btf_ensure_index(btf, NULL))
		return 0;
	return btf->count;
}
