// SPDX-License-Identifier: MIT
/* Accesses: parsed in the object's BTF. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "btf/kinds.h"
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

bool core_is_enumerator(enum bpf_core_relo_kind kind)
{
	return kind == BPF_CORE_ENUMVAL_EXISTS || kind == BPF_CORE_ENUMVAL_VALUE;
}

bool core_kinds_fit(const struct btf_type *a, const struct btf_type *b)
{
	return skep_btf_kind(a) == skep_btf_kind(b) || (skep_btf_is_enum(a) && skep_btf_is_enum(b));
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

bool core_path_push(struct core_path *path, uint32_t type_id, uint32_t index, const char *name)
{
	if (path->n_steps == CORE_MAX_STEPS)
		return false;
	path->steps[path->n_steps++] = (struct core_step){ type_id, index, name };
	return true;
}

const char *core_member_name(const struct skep_btf *btf, const struct btf_member *m)
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
	name = core_member_name(path->btf, m);
	path->bit_offset += skep_btf_member_offset(t, m);
	*next = m->type;
	return !name[0] || core_path_push(path, type_id, index, name);
}

bool core_path_element(struct core_path *path, const struct btf_type *t, uint32_t index,
		       uint32_t *next)
{
	const struct btf_array *array = skep_btf_array(t);
	int64_t size = skep_btf_sizeof(path->btf, array->type);

	if (size < 0 || (index >= array->nelems && !is_flexible(path, array)))
		return false;
	*next = array->type;
	path->bit_offset += index * (uint32_t)size * 8;
	return core_path_push(path, skep_btf_resolve(path->btf, array->type), index, NULL);
}

static bool step(struct core_path *path, uint32_t index, uint32_t *type_id)
{
	uint32_t id = skep_btf_resolve(path->btf, *type_id);
	const struct btf_type *t = skep_btf_type(path->btf, id);

	if (!t || !id)
		return false;
	if (skep_btf_is_composite(t))
		return step_member(path, t, id, index, type_id);
	if (skep_btf_kind(t) == BTF_KIND_ARRAY)
		return core_path_element(path, t, index, type_id);
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

	if (size < 0 || !core_path_push(path, skep_btf_resolve(path->btf, type_id), first, NULL))
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

	if (*rest || !t || !skep_btf_is_enum(t) || index >= skep_btf_vlen(t))
		return bad_access(relo, err);
	core_path_push(path, id, index, skep_btf_enumerator(path->btf, t, index));
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
	if (core_is_enumerator(relo->kind))
		return parse_enum(path, relo, first, rest, err);
	if (!core_is_field(relo->kind))
		return skep_error_set(err, SKEP_STAGE_RESOLVE, ENOTSUP,
				      "CO-RE relocations of kind %d are unknown", relo->kind);
	return parse_field(path, relo, first, rest, err);
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

	skep_text_str(out, core_is_type(path->kind)	  ? "type " :
			   core_is_enumerator(path->kind) ? "enumerator " :
							    "field ");
	skep_text_str(out, root[0] ? root : "(anonymous)");
	for (uint32_t i = core_is_enumerator(path->kind) ? 0 : 1; i < path->n_steps; i++) {
		if (path->steps[i].name)
			skep_text_printf(out, ".%s", path->steps[i].name);
		else
			skep_text_printf(out, "[%u]", path->steps[i].index);
	}
	skep_text_printf(out, " (%s)", kind_words[path->kind]);
}
