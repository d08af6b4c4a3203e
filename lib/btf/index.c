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

const struct btf_type *skep_btf_type(const struct skep_btf *btf, uint32_t id)
{
	static const struct btf_type type_void;

	if (!btf)
		return NULL;
	if (id && id < btf->first_id)
		return skep_btf_type(btf->base, id);
	if (!id)
		return &type_void;
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
