// SPDX-License-Identifier: MIT
/* When two types, of the object and of the target, are the same. */
#include <string.h>

#include "btf/kinds.h"
#include "relo/core.h"

/* A comparison: what is the same for all of it, and how much has been compared. */
struct matcher {
	const struct skep_btf *local, *target;
	uint32_t work;
};

static bool works_too_long(struct matcher *m)
{
	return ++m->work > CORE_MAX_WORK;
}

static bool fit(struct matcher *m, uint32_t a_id, uint32_t b_id, int depth);

static bool protos_fit(struct matcher *m, const struct btf_type *a, const struct btf_type *b,
		       int depth)
{
	if (skep_btf_vlen(a) != skep_btf_vlen(b))
		return false;
	for (uint16_t i = 0; i < skep_btf_vlen(a); i++)
		if (!fit(m, skep_btf_params(a)[i].type, skep_btf_params(b)[i].type, depth + 1))
			return false;
	return fit(m, a->type, b->type, depth + 1);
}

/* Loosely: names count at the root alone, sizes and lengths nowhere. Void resolves to id 0. */
static bool fit(struct matcher *m, uint32_t a_id, uint32_t b_id, int depth)
{
	const struct btf_type *a = skep_btf_type(m->local, skep_btf_resolve(m->local, a_id));
	const struct btf_type *b = skep_btf_type(m->target, skep_btf_resolve(m->target, b_id));

	if (!a || !b || depth > CORE_MAX_DEPTH || works_too_long(m) || !core_kinds_fit(a, b))
		return false;
	switch (skep_btf_kind(a)) {
	case BTF_KIND_UNKN:
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
	case BTF_KIND_FWD:
		return true;
	case BTF_KIND_INT:
		return !BTF_INT_OFFSET(skep_btf_int(a)) && !BTF_INT_OFFSET(skep_btf_int(b));
	case BTF_KIND_PTR:
		return fit(m, a->type, b->type, depth + 1);
	case BTF_KIND_ARRAY:
		return fit(m, skep_btf_array(a)->type, skep_btf_array(b)->type, depth + 1);
	case BTF_KIND_FUNC_PROTO:
		return protos_fit(m, a, b, depth);
	default:
		return false;
	}
}

bool core_types_fit(const struct skep_btf *local, uint32_t local_id, const struct skep_btf *target,
		    uint32_t target_id)
{
	struct matcher m = { local, target, 0 };

	return fit(&m, local_id, target_id, 0);
}

static bool match(struct matcher *m, uint32_t a_id, uint32_t b_id, bool behind_pointer, int depth);

static const char *string(const struct skep_btf *btf, uint32_t off)
{
	return skep_btf_string(btf, off) ?: "";
}

static bool has_enumerator(struct matcher *m, const struct btf_type *b, const char *name)
{
	for (uint16_t i = 0; i < skep_btf_vlen(b) && !works_too_long(m); i++)
		if (core_names_fit(name, skep_btf_enumerator(m->target, b, i)))
			return true;
	return false;
}

/* Every local enumerator is in the target; their values may differ. */
static bool enums_match(struct matcher *m, const struct btf_type *a, const struct btf_type *b)
{
	if (a->size != b->size || skep_btf_vlen(a) > skep_btf_vlen(b))
		return false;
	for (uint16_t i = 0; i < skep_btf_vlen(a); i++)
		if (!has_enumerator(m, b, skep_btf_enumerator(m->local, a, i)))
			return false;
	return true;
}

static bool has_member(struct matcher *m, const struct btf_member *member, const struct btf_type *b,
		       bool behind_pointer, int depth)
{
	const char *name = string(m->local, member->name_off);

	for (uint16_t i = 0; i < skep_btf_vlen(b) && !works_too_long(m); i++) {
		const struct btf_member *other = &skep_btf_members(b)[i];

		if (core_names_fit(name, string(m->target, other->name_off)) &&
		    match(m, member->type, other->type, behind_pointer, depth + 1))
			return true;
	}
	return false;
}

/* Every local member is in the target. */
static bool composites_match(struct matcher *m, const struct btf_type *a, const struct btf_type *b,
			     bool behind_pointer, int depth)
{
	if (skep_btf_vlen(a) > skep_btf_vlen(b))
		return false;
	for (uint16_t i = 0; i < skep_btf_vlen(a); i++)
		if (!has_member(m, &skep_btf_members(a)[i], b, behind_pointer, depth))
			return false;
	return true;
}

static bool protos_match(struct matcher *m, const struct btf_type *a, const struct btf_type *b,
			 int depth)
{
	if (skep_btf_kind(b) != BTF_KIND_FUNC_PROTO || skep_btf_vlen(a) != skep_btf_vlen(b))
		return false;
	for (uint16_t i = 0; i < skep_btf_vlen(a); i++)
		if (!match(m, skep_btf_params(a)[i].type, skep_btf_params(b)[i].type, false,
			   depth + 1))
			return false;
	return match(m, a->type, b->type, false, depth + 1);
}

/* A forward declaration says by a flag whether it is of a union. */
static bool is_forward_of(const struct btf_type *fwd, const struct btf_type *t)
{
	return skep_btf_kind(t) == (BTF_INFO_KFLAG(fwd->info) ? BTF_KIND_UNION : BTF_KIND_STRUCT);
}

static bool forwards_match(const struct btf_type *a, const struct btf_type *b, bool behind_pointer)
{
	if (skep_btf_kind(b) == BTF_KIND_FWD)
		return BTF_INFO_KFLAG(a->info) == BTF_INFO_KFLAG(b->info);
	return behind_pointer && is_forward_of(a, b);
}

static bool composites_or_names_match(struct matcher *m, const struct btf_type *a,
				      const struct btf_type *b, bool behind_pointer, int depth)
{
	bool same_kind = skep_btf_kind(a) == skep_btf_kind(b);

	if (!behind_pointer)
		return same_kind && composites_match(m, a, b, behind_pointer, depth);
	return same_kind || (skep_btf_kind(b) == BTF_KIND_FWD && is_forward_of(b, a));
}

static bool match(struct matcher *m, uint32_t a_id, uint32_t b_id, bool behind_pointer, int depth)
{
	const struct btf_type *a = skep_btf_type(m->local, a_id = skep_btf_resolve(m->local, a_id));
	const struct btf_type *b =
		skep_btf_type(m->target, b_id = skep_btf_resolve(m->target, b_id));

	if (!a || !b || depth > CORE_MAX_DEPTH || works_too_long(m))
		return false;
	if (!core_names_fit(skep_btf_name(m->local, a_id), skep_btf_name(m->target, b_id)))
		return false;
	switch (skep_btf_kind(a)) {
	case BTF_KIND_FWD:
		return forwards_match(a, b, behind_pointer);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return composites_or_names_match(m, a, b, behind_pointer, depth);
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return core_kinds_fit(a, b) && enums_match(m, a, b);
	case BTF_KIND_FUNC_PROTO:
		return protos_match(m, a, b, depth);
	default:
		break;
	}
	if (skep_btf_kind(a) != skep_btf_kind(b))
		return false;
	switch (skep_btf_kind(a)) {
	case BTF_KIND_UNKN:
		return true;
	case BTF_KIND_INT:
		return a->size == b->size &&
		       !((BTF_INT_ENCODING(skep_btf_int(a)) ^ BTF_INT_ENCODING(skep_btf_int(b))) &
			 BTF_INT_SIGNED);
	case BTF_KIND_PTR:
		return match(m, a->type, b->type, true, depth + 1);
	case BTF_KIND_ARRAY:
		return skep_btf_array(a)->nelems == skep_btf_array(b)->nelems &&
		       match(m, skep_btf_array(a)->type, skep_btf_array(b)->type, behind_pointer,
			     depth + 1);
	default:
		return false;
	}
}

bool core_types_match(const struct skep_btf *local, uint32_t local_id,
		      const struct skep_btf *target, uint32_t target_id)
{
	struct matcher m = { local, target, 0 };

	return match(&m, local_id, target_id, false, 0);
}
