// SPDX-License-Identifier: MIT
/* Sizes of types and of their encodings. */
#include <errno.h>
#include <string.h>

#include "btf/btf.h"

/* No real type nests deeper; a circle does. */
#define MAX_DEPTH 64

const struct skep_btf_lens skep_btf_lens[SKEP_BTF_KINDS] = {
	[BTF_KIND_INT] = { 16, 0 },	   [BTF_KIND_PTR] = { 12, 0 },
	[BTF_KIND_ARRAY] = { 24, 0 },	   [BTF_KIND_STRUCT] = { 12, 12 },
	[BTF_KIND_UNION] = { 12, 12 },	   [BTF_KIND_ENUM] = { 12, 8 },
	[BTF_KIND_FWD] = { 12, 0 },	   [BTF_KIND_TYPEDEF] = { 12, 0 },
	[BTF_KIND_VOLATILE] = { 12, 0 },   [BTF_KIND_CONST] = { 12, 0 },
	[BTF_KIND_RESTRICT] = { 12, 0 },   [BTF_KIND_FUNC] = { 12, 0 },
	[BTF_KIND_FUNC_PROTO] = { 12, 8 }, [BTF_KIND_VAR] = { 16, 0 },
	[BTF_KIND_DATASEC] = { 12, 12 },   [BTF_KIND_FLOAT] = { 12, 0 },
	[BTF_KIND_DECL_TAG] = { 16, 0 },   [BTF_KIND_TYPE_TAG] = { 12, 0 },
	[BTF_KIND_ENUM64] = { 12, 12 },
};

const char *skep_btf_string(const struct skep_btf *btf, uint32_t offset)
{
	while (btf && offset < btf->first_string)
		btf = btf->base;
	if (!btf || offset - btf->first_string >= btf->strings_len)
		return NULL;
	return btf->strings + (offset - btf->first_string);
}

const char *skep_btf_name(const struct skep_btf *btf, uint32_t id)
{
	const struct btf_type *t = skep_btf_type(btf, id);

	return t && id ? skep_btf_string(btf, t->name_off) ?: "" : "";
}

const char *skep_btf_label(const struct skep_btf *btf)
{
	return btf ? btf->label : "no BTF";
}

bool skep_btf_is_foreign(const struct skep_btf *btf)
{
	return btf && btf->is_foreign;
}

static bool is_modifier(uint16_t kind)
{
	return kind == BTF_KIND_TYPEDEF || kind == BTF_KIND_CONST || kind == BTF_KIND_VOLATILE ||
	       kind == BTF_KIND_RESTRICT || kind == BTF_KIND_TYPE_TAG;
}

uint32_t skep_btf_resolve(const struct skep_btf *btf, uint32_t id)
{
	for (int depth = 0; depth < MAX_DEPTH; depth++) {
		const struct btf_type *t = skep_btf_type(btf, id);

		if (!t)
			return 0;
		if (!is_modifier(skep_btf_kind(t)))
			return id;
		id = t->type;
	}
	return 0;
}

int64_t skep_btf_sizeof(const struct skep_btf *btf, uint32_t id)
{
	int64_t n = 1;

	for (int depth = 0; depth < MAX_DEPTH; depth++) {
		const struct btf_type *t = skep_btf_type(btf, id = skep_btf_resolve(btf, id));

		if (!id)
			return -EINVAL;
		switch (skep_btf_kind(t)) {
		case BTF_KIND_INT:
		case BTF_KIND_STRUCT:
		case BTF_KIND_UNION:
		case BTF_KIND_ENUM:
		case BTF_KIND_ENUM64:
		case BTF_KIND_FLOAT:
		case BTF_KIND_DATASEC:
			return n > INT64_MAX / (t->size + 1ll) ? -EINVAL : n * t->size;
		case BTF_KIND_PTR:
			return n > INT64_MAX / 8 ? -EINVAL : n * skep_btf_pointer_size(btf);
		case BTF_KIND_VAR:
			id = t->type;
			break;
		case BTF_KIND_ARRAY:
			if (skep_btf_array(t)->nelems && n > INT64_MAX / skep_btf_array(t)->nelems)
				return -EINVAL;
			n *= skep_btf_array(t)->nelems;
			id = skep_btf_array(t)->type;
			break;
		default:
			return -EINVAL;
		}
	}
	return -EINVAL;
}

/* The largest alignment that there is, and types that are looked at before giving up. */
#define MAX_ALIGN  16
#define MAX_VISITS (1u << 18)

struct aligning {
	const struct skep_btf *btf;
	uint32_t visits;
};

/*
 * Types that contain each other more than once, which no compiler writes, have as many paths as
 * two to the power of the depth: the number of visits ends the walk, not the depth alone.
 */
static uint32_t max_align(struct aligning *a, uint32_t id, int depth)
{
	const struct btf_type *t = skep_btf_type(a->btf, id = skep_btf_resolve(a->btf, id));
	uint32_t align = 1;

	if (!id || depth > MAX_DEPTH / 2)
		return 1;
	switch (skep_btf_kind(t)) {
	case BTF_KIND_PTR:
		return skep_btf_pointer_size(a->btf);
	case BTF_KIND_INT:
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
	case BTF_KIND_FLOAT:
		/* __int128 is aligned to all of its bytes; what has twelve or ten, to 4 or 2. */
		align = t->size & -t->size;
		return align && align <= MAX_ALIGN ? align : 1;
	case BTF_KIND_ARRAY:
		return max_align(a, skep_btf_array(t)->type, depth + 1);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		for (uint16_t i = 0; i < skep_btf_vlen(t) && align < MAX_ALIGN; i++) {
			uint32_t inner;

			if (++a->visits > MAX_VISITS)
				break;
			inner = max_align(a, skep_btf_members(t)[i].type, depth + 1);
			align = inner > align ? inner : align;
		}
		return align;
	default:
		return 1;
	}
}

uint32_t skep_btf_alignof(const struct skep_btf *btf, uint32_t id)
{
	struct aligning a = { .btf = btf };

	return max_align(&a, id, 0);
}

static bool is_long(const char *name)
{
	return !strcmp(name, "long") || !strcmp(name, "unsigned long") ||
	       !strcmp(name, "long int") || !strcmp(name, "long unsigned int");
}

/* Compilers write `long` among the first types; what never uses it tells nothing. */
static uint32_t find_pointer_size(const struct skep_btf *btf)
{
	uint32_t count = skep_btf_count(btf);

	for (uint32_t id = 1; id < count; id++) {
		const struct btf_type *t = skep_btf_type(btf, id);

		if (skep_btf_kind(t) == BTF_KIND_INT && (t->size == 4 || t->size == 8) &&
		    is_long(skep_btf_name(btf, id)))
			return t->size;
	}
	return 8;
}

uint32_t skep_btf_pointer_size(const struct skep_btf *const_btf)
{
	/* As the index: a cache. Threads that come at once find the same. */
	struct skep_btf *btf = (struct skep_btf *)const_btf;
	uint32_t size;

	while (btf && btf->base)
		btf = (struct skep_btf *)btf->base;
	if (!btf)
		return 8;
	size = atomic_load_explicit(&btf->pointer_size, memory_order_relaxed);
	if (!size) {
		size = find_pointer_size(btf);
		atomic_store_explicit(&btf->pointer_size, size, memory_order_relaxed);
	}
	return size;
}
