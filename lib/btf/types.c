// SPDX-License-Identifier: MIT
/* Sizes of types and of their encodings. */
#include <errno.h>

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

static uint32_t max_align(const struct skep_btf *btf, uint32_t id, int depth)
{
	const struct btf_type *t = skep_btf_type(btf, id = skep_btf_resolve(btf, id));
	uint32_t align = 1, pointer = skep_btf_pointer_size(btf);

	if (!id || depth > 32)
		return 1;
	switch (skep_btf_kind(t)) {
	case BTF_KIND_PTR:
		return pointer;
	case BTF_KIND_INT:
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
	case BTF_KIND_FLOAT:
		/* A __int128 is aligned to 16 on 64-bit machines, and nothing else above a pointer.
		 */
		return t->size && t->size <= 16 ? t->size : 1;
	case BTF_KIND_ARRAY:
		return max_align(btf, skep_btf_array(t)->type, depth + 1);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		for (uint16_t i = 0; i < skep_btf_vlen(t); i++) {
			uint32_t a = max_align(btf, skep_btf_members(t)[i].type, depth + 1);

			align = a > align ? a : align;
		}
		return align;
	default:
		return 1;
	}
}

uint32_t skep_btf_alignof(const struct skep_btf *btf, uint32_t id)
{
	return max_align(btf, id, 0);
}

/* The kernel's and every 64-bit program's BTF has a `long unsigned int` of eight bytes. */
uint32_t skep_btf_pointer_size(const struct skep_btf *btf)
{
	(void)btf;
	return 8;
}
