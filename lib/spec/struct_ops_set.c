// SPDX-License-Identifier: MIT
/* Members of struct_ops variables, read and changed by name before loading. */
#include <string.h>

#include "spec/reader.h"

#define fail(err, code, ...) skep_error_set(err, SKEP_STAGE_USAGE, code, __VA_ARGS__)

/* Where the member lies; its type, resolved. -errno with the message when there is none. */
static int find(const struct skep_spec *spec, const struct skep_map_spec *map, const char *name,
		uint32_t *offset, uint32_t *type_id, struct skep_error *err)
{
	const struct btf_type *t;

	if (!spec || !map || !name)
		return skep_error_null(err, SKEP_STAGE_USAGE,
				       !spec ? "spec" : (map ? "member" : "map"));
	t = spec->btf && map->kind == SKEP_MAP_STRUCT_OPS ?
		    skep_btf_type(spec->btf, map->value_type_id) :
		    NULL;
	if (!t || skep_btf_kind(t) != BTF_KIND_STRUCT)
		return fail(err, EINVAL, "it is no struct_ops variable");
	for (uint16_t i = 0; i < skep_btf_vlen(t); i++) {
		const struct btf_member *m = &skep_btf_members(t)[i];
		const char *own = skep_btf_string(spec->btf, m->name_off);
		int64_t size = skep_btf_sizeof(spec->btf, m->type);

		if (!own || strcmp(own, name))
			continue;
		*offset = skep_btf_member_offset(t, m) / 8;
		*type_id = skep_btf_resolve(spec->btf, m->type);
		if (skep_btf_member_width(t, m) || size < 0 ||
		    *offset + (uint64_t)size > map->value_size)
			return fail(err, EINVAL, "its member '%s' is no whole number of bytes",
				    name);
		return 0;
	}
	return fail(err, ENOENT, "its struct %s has no member '%s'",
		    skep_btf_name(spec->btf, map->value_type_id), name);
}

/* Whether a type is a pointer to a function. */
static bool is_function(const struct skep_btf *btf, uint32_t type_id)
{
	const struct btf_type *t = skep_btf_type(btf, type_id), *target;

	if (!t || skep_btf_kind(t) != BTF_KIND_PTR)
		return false;
	target = skep_btf_type(btf, skep_btf_resolve(btf, t->type));
	return target && skep_btf_kind(target) == BTF_KIND_FUNC_PROTO;
}

void *skep_map_spec_member(const struct skep_spec *spec, const struct skep_map_spec *map,
			   const char *name, size_t *size, struct skep_error *err)
{
	uint32_t offset = 0, type_id = 0;

	if (find(spec, map, name, &offset, &type_id, err))
		goto failed;
	if (is_function(spec->btf, type_id)) {
		fail(err, EINVAL, "its member '%s' is a function", name);
		skep_error_add_hint(err, "skep_map_spec_function() changes it");
		goto failed;
	}
	if (size)
		*size = (size_t)skep_btf_sizeof(spec->btf, type_id);
	return map->data + offset;

failed:
	if (map)
		skep_error_add_subject(err, "map '%s'", map->name);
	return NULL;
}

static bool find_program(const struct skep_spec *spec, const struct skep_program_spec *program,
			 uint32_t *index)
{
	*index = SKEP_NO_PROGRAM;
	for (uint32_t i = 0; program && i < spec->n_programs; i++)
		if (spec->programs[i] == program)
			*index = i;
	return !program || *index != SKEP_NO_PROGRAM;
}

/* One more slot, at its place among the others. */
static int add_slot(struct skep_spec *spec, struct skep_map_spec *map, size_t at,
		    struct skep_ops_slot slot, struct skep_error *err)
{
	struct skep_spec_impl *impl = (void *)spec;
	struct skep_ops_slot *more = skep_arena_alloc(&impl->arena, map->n_ops + 1, sizeof(*more));

	if (!more)
		return skep_error_nomem(err, SKEP_STAGE_USAGE);
	if (at)
		memcpy(more, map->ops, at * sizeof(*more));
	more[at] = slot;
	if (at < map->n_ops)
		memcpy(more + at + 1, map->ops + at, (map->n_ops - at) * sizeof(*more));
	map->ops = more;
	map->n_ops++;
	return 0;
}

static int set_function(struct skep_spec *spec, struct skep_map_spec *map, const char *name,
			const struct skep_program_spec *program, struct skep_error *err)
{
	struct skep_ops_slot slot = { 0 };
	uint32_t type_id = 0;
	size_t at = 0;
	int ret = find(spec, map, name, &slot.offset, &type_id, err);

	if (ret)
		return ret;
	if (!is_function(spec->btf, type_id))
		return fail(err, EINVAL, "its member '%s' is no function", name);
	if (!find_program(spec, program, &slot.program))
		return fail(err, EINVAL, "the program is of another spec");
	while (at < map->n_ops && map->ops[at].offset < slot.offset)
		at++;
	if (at == map->n_ops || map->ops[at].offset != slot.offset)
		return add_slot(spec, map, at, slot, err);
	map->ops[at] = slot;
	return 0;
}

int skep_map_spec_function(struct skep_spec *spec, struct skep_map_spec *map, const char *name,
			   const struct skep_program_spec *program, struct skep_error *err)
{
	int ret = set_function(spec, map, name, program, err);

	if (ret && map)
		skep_error_add_subject(err, "map '%s'", map->name);
	return ret;
}
