// SPDX-License-Identifier: MIT
/* Accesses of the object, found again in the target's BTF. */
#include <string.h>

#include "btf/kinds.h"
#include "relo/core.h"

/* Whether a field of one type can stand for one of the other. */
static bool fields_fit(const struct skep_btf *local, uint32_t local_id,
		       const struct skep_btf *target, uint32_t target_id)
{
	for (int depth = 0; depth < CORE_MAX_DEPTH; depth++) {
		const struct btf_type *a, *b;
		const char *a_name, *b_name;

		local_id = skep_btf_resolve(local, local_id);
		target_id = skep_btf_resolve(target, target_id);
		a = skep_btf_type(local, local_id);
		b = skep_btf_type(target, target_id);
		if (!local_id || !target_id)
			return false;
		if (skep_btf_is_composite(a) && skep_btf_is_composite(b))
			return true;
		if (!core_kinds_fit(a, b))
			return false;
		switch (skep_btf_kind(a)) {
		case BTF_KIND_PTR:
		case BTF_KIND_FLOAT:
			return true;
		case BTF_KIND_FWD:
		case BTF_KIND_ENUM:
		case BTF_KIND_ENUM64:
			a_name = skep_btf_name(local, local_id);
			b_name = skep_btf_name(target, target_id);
			return !a_name[0] || !b_name[0] || core_names_fit(a_name, b_name);
		case BTF_KIND_INT:
			/* An offset inside an integer is how old compilers wrote bitfields. */
			return !BTF_INT_OFFSET(skep_btf_int(a)) && !BTF_INT_OFFSET(skep_btf_int(b));
		case BTF_KIND_ARRAY:
			local_id = skep_btf_array(a)->type;
			target_id = skep_btf_array(b)->type;
			break;
		default:
			return false;
		}
	}
	return false;
}

/* The type of the member that a step of the local path stands for. */
static uint32_t step_type(const struct core_path *local, const struct core_step *s)
{
	return skep_btf_members(skep_btf_type(local->btf, s->type_id))[s->index].type;
}

/* Finds a member by name, through anonymous structs and unions: 1 found, 0 not. */
static int match_member(const struct core_path *local, const struct core_step *s,
			struct core_path *found, uint32_t *type_id, int depth)
{
	uint32_t id = skep_btf_resolve(found->btf, *type_id);
	const struct btf_type *t = skep_btf_type(found->btf, id);
	uint32_t base = found->bit_offset;

	if (!id || !skep_btf_is_composite(t) || depth > CORE_MAX_DEPTH)
		return 0;
	for (uint16_t i = 0; i < skep_btf_vlen(t); i++) {
		const struct btf_member *m = &skep_btf_members(t)[i];
		const char *name = core_member_name(found->btf, m);
		uint32_t next = m->type;

		if (++found->work > CORE_MAX_WORK)
			return 0;
		found->bit_offset = base + skep_btf_member_offset(t, m);
		if (!name[0]) {
			if (match_member(local, s, found, &next, depth + 1)) {
				*type_id = next;
				return 1;
			}
			continue;
		}
		if (strcmp(name, s->name))
			continue;
		*type_id = next;
		return core_path_push(found, id, i, name) &&
		       fields_fit(local->btf, step_type(local, s), found->btf, next);
	}
	found->bit_offset = base;
	return 0;
}

static int match_element(const struct core_step *s, struct core_path *found, uint32_t *type_id)
{
	uint32_t id = skep_btf_resolve(found->btf, *type_id);
	const struct btf_type *t = skep_btf_type(found->btf, id);

	if (!id || skep_btf_kind(t) != BTF_KIND_ARRAY)
		return 0;
	return core_path_element(found, t, s->index, type_id);
}

static int match_field(const struct core_path *local, struct core_path *found)
{
	uint32_t type_id = found->root;
	int64_t size = skep_btf_sizeof(found->btf, type_id);

	if (size < 0)
		return 0;
	core_path_push(found, skep_btf_resolve(found->btf, type_id), local->steps[0].index, NULL);
	found->bit_offset = local->steps[0].index * (uint32_t)size * 8;
	for (uint32_t i = 1; i < local->n_steps; i++) {
		const struct core_step *s = &local->steps[i];
		int ret = s->name ? match_member(local, s, found, &type_id, 0) :
				    match_element(s, found, &type_id);

		if (ret <= 0)
			return ret;
	}
	return 1;
}

static int match_enum(const struct core_path *local, struct core_path *found)
{
	uint32_t id = skep_btf_resolve(found->btf, found->root);
	const struct btf_type *t = skep_btf_type(found->btf, id);

	if (!id || !skep_btf_is_enum(t))
		return 0;
	for (uint16_t i = 0; i < skep_btf_vlen(t); i++) {
		const char *name = skep_btf_enumerator(found->btf, t, i);

		if (core_names_fit(local->steps[0].name, name))
			return core_path_push(found, id, i, name);
	}
	return 0;
}

int core_path_match(const struct core_path *local, const struct skep_btf *target, uint32_t root,
		    struct core_path *found)
{
	found->btf = target;
	found->root = root;
	found->kind = local->kind;
	found->n_steps = 0;
	found->bit_offset = 0;
	found->work = 0;
	if (local->kind == BPF_CORE_TYPE_MATCHES)
		return core_types_match(local->btf, local->root, target, root);
	if (core_is_type(local->kind))
		return core_types_fit(local->btf, local->root, target, root);
	return core_is_enumerator(local->kind) ? match_enum(local, found) :
						 match_field(local, found);
}
