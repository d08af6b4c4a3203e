// SPDX-License-Identifier: MIT
/* Accesses: parsed in the object's BTF, found again in the target's. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "btf/index.h"
#include "relo/core.h"

bool core_is_field(enum bpf_core_relo_kind kind)
{
	return kind <= BPF_CORE_FIELD_RSHIFT_U64;
}

bool core_is_type(enum bpf_core_relo_kind kind)
{
	return (kind >= BPF_CORE_TYPE_ID_LOCAL && kind <= BPF_CORE_TYPE_SIZE) ||
	       kind == BPF_CORE_TYPE_MATCHES;
}

static bool is_enum_kind(enum bpf_core_relo_kind kind)
{
	return kind == BPF_CORE_ENUMVAL_EXISTS || kind == BPF_CORE_ENUMVAL_VALUE;
}

static bool is_composite(const struct btf_type *t)
{
	return skep_btf_kind(t) == BTF_KIND_STRUCT || skep_btf_kind(t) == BTF_KIND_UNION;
}

static bool is_enum(const struct btf_type *t)
{
	return skep_btf_kind(t) == BTF_KIND_ENUM || skep_btf_kind(t) == BTF_KIND_ENUM64;
}

bool core_kinds_fit(const struct btf_type *a, const struct btf_type *b)
{
	return skep_btf_kind(a) == skep_btf_kind(b) || (is_enum(a) && is_enum(b));
}

bool core_names_fit(const char *a, const char *b)
{
	size_t len = skep_btf_essential_len(a);

	return len == skep_btf_essential_len(b) && !memcmp(a, b, len);
}

static int bad_access(const struct skep_core_relo *relo, struct skep_error *err)
{
	return skep_error_set(err, SKEP_STAGE_RESOLVE, EINVAL,
			      "the access '%s' does not fit its type in the object's BTF",
			      relo->access);
}

static bool push(struct core_path *path, uint32_t type_id, uint32_t index, const char *name)
{
	if (path->n_steps == CORE_MAX_STEPS)
		return false;
	path->steps[path->n_steps++] = (struct core_step){ type_id, index, name };
	return true;
}

static const char *member_name(const struct skep_btf *btf, const struct btf_member *m)
{
	return skep_btf_string(btf, m->name_off) ?: "";
}

/*
 * An array may be read beyond its end where it is the last member of its struct and has no
 * elements: it has as many as were allocated.
 */
static bool is_flexible(const struct core_path *path, const struct btf_array *array)
{
	const struct core_step *last = &path->steps[path->n_steps - 1];
	const struct btf_type *t;

	if (array->nelems || !last->name)
		return false;
	t = skep_btf_type(path->btf, last->type_id);
	return last->index + 1u == skep_btf_vlen(t);
}

static bool step_member(struct core_path *path, const struct btf_type *t, uint32_t type_id,
			uint32_t index, uint32_t *next)
{
	const struct btf_member *m;
	const char *name;

	if (index >= skep_btf_vlen(t))
		return false;
	m = &skep_btf_members(t)[index];
	name = member_name(path->btf, m);
	path->bit_offset += skep_btf_member_offset(t, m);
	*next = m->type;
	return !name[0] || push(path, type_id, index, name);
}

static bool step_element(struct core_path *path, const struct btf_type *t, uint32_t index,
			 uint32_t *next)
{
	const struct btf_array *array = skep_btf_array(t);
	int64_t size = skep_btf_sizeof(path->btf, array->type);

	if (size < 0 || (index >= array->nelems && !is_flexible(path, array)))
		return false;
	*next = array->type;
	path->bit_offset += index * (uint32_t)size * 8;
	return push(path, skep_btf_resolve(path->btf, array->type), index, NULL);
}

static bool step(struct core_path *path, uint32_t index, uint32_t *type_id)
{
	uint32_t id = skep_btf_resolve(path->btf, *type_id);
	const struct btf_type *t = skep_btf_type(path->btf, id);

	if (!t || !id)
		return false;
	if (is_composite(t))
		return step_member(path, t, id, index, type_id);
	if (skep_btf_kind(t) == BTF_KIND_ARRAY)
		return step_element(path, t, index, type_id);
	return false;
}

/* The next number of "0:1:2". */
static bool next_index(const char **access, uint32_t *index)
{
	char *end;
	unsigned long value;

	if (**access < '0' || **access > '9')
		return false;
	value = strtoul(*access, &end, 10);
	if (value > UINT32_MAX || (*end && (*end != ':' || !end[1])))
		return false;
	*index = (uint32_t)value;
	*access = end + (*end == ':');
	return true;
}

static int parse_field(struct core_path *path, const struct skep_core_relo *relo, uint32_t first,
		       const char *rest, struct skep_error *err)
{
	uint32_t type_id = relo->type_id, index;
	int64_t size = skep_btf_sizeof(path->btf, type_id);

	if (size < 0 || !push(path, skep_btf_resolve(path->btf, type_id), first, NULL))
		return bad_access(relo, err);
	path->bit_offset = first * (uint32_t)size * 8;
	while (*rest)
		if (!next_index(&rest, &index) || !step(path, index, &type_id))
			return bad_access(relo, err);
	return 0;
}

static int parse_enum(struct core_path *path, const struct skep_core_relo *relo, uint32_t index,
		      const char *rest, struct skep_error *err)
{
	uint32_t id = skep_btf_resolve(path->btf, relo->type_id);
	const struct btf_type *t = skep_btf_type(path->btf, id);
	uint32_t name_off;

	if (*rest || !t || !is_enum(t) || index >= skep_btf_vlen(t))
		return bad_access(relo, err);
	name_off = skep_btf_kind(t) == BTF_KIND_ENUM64 ? skep_btf_enums64(t)[index].name_off :
							 skep_btf_enums(t)[index].name_off;
	push(path, id, index, skep_btf_string(path->btf, name_off) ?: "");
	return 0;
}

int core_path_parse(struct core_path *path, const struct skep_btf *btf,
		    const struct skep_core_relo *relo, struct skep_error *err)
{
	const char *rest = relo->access;
	uint32_t first;

	path->btf = btf;
	path->root = relo->type_id;
	path->kind = relo->kind;
	path->n_steps = 0;
	path->bit_offset = 0;
	path->work = 0;
	if (!next_index(&rest, &first))
		return bad_access(relo, err);
	if (core_is_type(relo->kind))
		return first || *rest ? bad_access(relo, err) : 0;
	if (is_enum_kind(relo->kind))
		return parse_enum(path, relo, first, rest, err);
	if (!core_is_field(relo->kind))
		return skep_error_set(err, SKEP_STAGE_RESOLVE, ENOTSUP,
				      "CO-RE relocations of kind %d are unknown", relo->kind);
	return parse_field(path, relo, first, rest, err);
}

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
		if (is_composite(a) && is_composite(b))
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

	if (!id || !is_composite(t) || depth > CORE_MAX_DEPTH)
		return 0;
	for (uint16_t i = 0; i < skep_btf_vlen(t); i++) {
		const struct btf_member *m = &skep_btf_members(t)[i];
		const char *name = member_name(found->btf, m);
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
		return push(found, id, i, name) &&
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
	return step_element(found, t, s->index, type_id);
}

static int match_field(const struct core_path *local, struct core_path *found)
{
	uint32_t type_id = found->root;
	int64_t size = skep_btf_sizeof(found->btf, type_id);

	if (size < 0)
		return 0;
	push(found, skep_btf_resolve(found->btf, type_id), local->steps[0].index, NULL);
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

	if (!id || !is_enum(t))
		return 0;
	for (uint16_t i = 0; i < skep_btf_vlen(t); i++) {
		uint32_t off = skep_btf_kind(t) == BTF_KIND_ENUM64 ?
				       skep_btf_enums64(t)[i].name_off :
				       skep_btf_enums(t)[i].name_off;
		const char *name = skep_btf_string(found->btf, off) ?: "";

		if (core_names_fit(local->steps[0].name, name))
			return push(found, id, i, name);
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
	return is_enum_kind(local->kind) ? match_enum(local, found) : match_field(local, found);
}

static const char *const kind_words[] = {
	[BPF_CORE_FIELD_BYTE_OFFSET] = "offset",   [BPF_CORE_FIELD_BYTE_SIZE] = "size",
	[BPF_CORE_FIELD_EXISTS] = "existence",	   [BPF_CORE_FIELD_SIGNED] = "sign",
	[BPF_CORE_FIELD_LSHIFT_U64] = "bit shift", [BPF_CORE_FIELD_RSHIFT_U64] = "bit shift",
	[BPF_CORE_TYPE_ID_LOCAL] = "own id",	   [BPF_CORE_TYPE_ID_TARGET] = "id",
	[BPF_CORE_TYPE_EXISTS] = "existence",	   [BPF_CORE_TYPE_SIZE] = "size",
	[BPF_CORE_ENUMVAL_EXISTS] = "existence",   [BPF_CORE_ENUMVAL_VALUE] = "value",
	[BPF_CORE_TYPE_MATCHES] = "match",
};

void core_describe(const struct core_path *path, struct skep_text *out)
{
	const char *root = skep_btf_name(path->btf, path->root);

	skep_text_str(out, core_is_type(path->kind) ? "type " :
			   is_enum_kind(path->kind) ? "enumerator " :
						      "field ");
	skep_text_str(out, root[0] ? root : "(anonymous)");
	for (uint32_t i = is_enum_kind(path->kind) ? 0 : 1; i < path->n_steps; i++) {
		if (path->steps[i].name)
			skep_text_printf(out, ".%s", path->steps[i].name);
		else
			skep_text_printf(out, "[%u]", path->steps[i].index);
	}
	skep_text_printf(out, " (%s)", kind_words[path->kind]);
}
