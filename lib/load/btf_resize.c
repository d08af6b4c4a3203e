// SPDX-License-Identifier: MIT
/*
 * Maps whose value was made longer or shorter than its type: the array of bytes at its end gets the
 * length that fits, so that the kernel still takes the type (map_check_btf in kernel/bpf) and those
 * who look at the map from outside know what is in it.
 */
#include "load/btf_resize.h"

#include <stdlib.h>

#include "load/btf_extend.h"

struct array_type {
	struct btf_type type;
	struct btf_array array;
};

static const struct btf_member *last_member(const struct btf_type *t)
{
	return &skep_btf_members(t)[skep_btf_vlen(t) - 1];
}

/* The array of bytes that the struct ends with, or NULL. */
static const struct btf_array *bytes_at_end(const struct skep_btf *btf, const struct btf_type *t)
{
	const struct btf_type *last;

	if (skep_btf_kind(t) != BTF_KIND_STRUCT || !skep_btf_vlen(t) || BTF_INFO_KFLAG(t->info))
		return NULL;
	last = skep_btf_type(btf, skep_btf_resolve(btf, last_member(t)->type));
	if (!last || skep_btf_kind(last) != BTF_KIND_ARRAY ||
	    skep_btf_sizeof(btf, skep_btf_array(last)->type) != 1)
		return NULL;
	return skep_btf_array(last);
}

static bool others_use(const struct skep_spec *spec, const struct skep_map_spec *map, uint32_t id)
{
	for (size_t i = 0; i < spec->n_maps; i++)
		if (spec->maps[i] != map && spec->maps[i]->value_type_id &&
		    skep_btf_resolve(spec->btf, spec->maps[i]->value_type_id) == id)
			return true;
	return false;
}

bool skep_btf_resizes(const struct skep_spec *spec, const struct skep_map_spec *map)
{
	uint32_t id = map->value_type_id ? skep_btf_resolve(spec->btf, map->value_type_id) : 0;
	const struct btf_type *t = id ? skep_btf_type(spec->btf, id) : NULL;

	return t && skep_btf_sizeof(spec->btf, id) != map->value_size &&
	       bytes_at_end(spec->btf, t) && last_member(t)->offset / 8 < map->value_size &&
	       !others_use(spec, map, id);
}

/* The struct in @copy gets a new last type, which is made to be the type after all others. */
static struct array_type resize(const struct skep_spec *spec, const struct skep_map_spec *map,
				void *copy, const char *raw, uint32_t new_id)
{
	uint32_t id = skep_btf_resolve(spec->btf, map->value_type_id);
	const struct btf_type *t = skep_btf_type(spec->btf, id);
	const struct btf_member *last = last_member(t);
	struct array_type bytes = { .type.info = BTF_KIND_ARRAY << 24,
				    .array = *bytes_at_end(spec->btf, t) };

	bytes.array.nelems = map->value_size - last->offset / 8;
	((struct btf_type *)((char *)copy + ((const char *)t - raw)))->size = map->value_size;
	((struct btf_member *)((char *)copy + ((const char *)last - raw)))->type = new_id;
	return bytes;
}

void *skep_btf_resize(const struct skep_spec *spec, const char *raw, void *copy, size_t *len)
{
	uint32_t count = skep_btf_count(spec->btf);
	struct array_type *added;
	void *joined;
	size_t n = 0;

	for (size_t i = 0; i < spec->n_maps; i++)
		n += skep_btf_resizes(spec, spec->maps[i]);
	if (!n)
		return copy;
	added = calloc(n, sizeof(*added));
	for (size_t i = 0, k = 0; added && i < spec->n_maps; i++)
		if (skep_btf_resizes(spec, spec->maps[i])) {
			added[k] = resize(spec, spec->maps[i], copy, raw, count + (uint32_t)k);
			k++;
		}
	joined = added ? skep_btf_extend(copy, len, added, n * sizeof(*added), NULL, 0) : NULL;
	free(added);
	free(copy);
	return joined;
}
