// SPDX-License-Identifier: MIT
/* The pointers of a header's struct, each bound to what its name stands for. */
#include "skeleton/skeleton.h"

#include <string.h>

#include "base/error.h"
#include "load/object.h"

struct skep_skeleton_member skep_skeleton_member_at(const struct skep_skeleton *skeleton, size_t i)
{
	const struct skep_skeleton_desc *desc = &skeleton->known;
	struct skep_skeleton_member member = { 0 };
	size_t len = desc->member_size < sizeof(member) ? desc->member_size : sizeof(member);

	memcpy(&member, (const char *)desc->members + i * desc->member_size, len);
	return member;
}

void **skep_skeleton_place(const struct skep_skeleton *skeleton,
			   const struct skep_skeleton_member *member)
{
	return (void **)(skeleton->user + member->offset);
}

struct skep_link *skep_skeleton_own_link(const struct skep_skeleton *skeleton, const char *name)
{
	struct skep_program *program = skep_object_program(skeleton->object, name);
	struct skep_map *map = program ? NULL : skep_object_map(skeleton->object, name);

	return program ? program->link : map ? map->link : NULL;
}

static int missing(const struct skep_skeleton *skeleton, const char *what,
		   const struct skep_skeleton_member *member, struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_READ, ENOENT, "it has no %s '%s', which the header has",
		       what, member->name);
	skep_error_add_hint(err, "make the header anew from this object: skep gen skeleton");
	skep_error_add_object(err, "%s", skeleton->spec->name);
	return -ENOENT;
}

static int too_short(const struct skep_skeleton *skeleton,
		     const struct skep_skeleton_member *member, uint32_t len,
		     struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_READ, EINVAL, "'%s' has %u bytes, and %u in the header",
		       member->name, len, member->len);
	skep_error_add_hint(err, "make the header anew from this object: skep gen skeleton");
	skep_error_add_object(err, "%s", skeleton->spec->name);
	return -EINVAL;
}

/* Where the variables of a map are now; *memory is NULL for options before they are loaded. */
static int memory_of(const struct skep_skeleton *skeleton, uint32_t map, char **memory,
		     struct skep_error *err)
{
	struct skep_map *handle = skep_object_map_at(skeleton->object, map);

	*memory = (char *)skeleton->spec->maps[map]->data;
	if (!handle || skep_map_fd(handle) < 0)
		return 0;
	*memory = skep_map_memory(handle, NULL, NULL, err);
	return *memory ? 0 : -ENOTSUP;
}

/* The map that a member names; ENOENT unless it may be missing: then *index is n_maps. */
static int find_map(const struct skep_skeleton *skeleton, const struct skep_skeleton_member *member,
		    uint32_t *index, struct skep_error *err)
{
	const struct skep_spec *spec = skeleton->spec;

	for (*index = 0; *index < spec->n_maps; ++*index)
		if (!strcmp(spec->maps[*index]->name, member->name))
			return 0;
	if (member->flags & SKEP_SKELETON_WEAK)
		return 0;
	return missing(skeleton, member->kind == SKEP_SKELETON_DATA ? "section" : "map", member,
		       err);
}

static int bind_map(const struct skep_skeleton *skeleton, const struct skep_skeleton_member *member,
		    struct skep_error *err)
{
	uint32_t index;
	int ret = find_map(skeleton, member, &index, err);

	*skep_skeleton_place(skeleton, member) = skep_object_map_at(skeleton->object, index);
	return ret;
}

static int bind_data(const struct skep_skeleton *skeleton,
		     const struct skep_skeleton_member *member, struct skep_error *err)
{
	const struct skep_map_spec *map;
	char *memory = NULL;
	uint32_t index;
	int ret = find_map(skeleton, member, &index, err);

	if (!ret && index < skeleton->spec->n_maps) {
		map = skeleton->spec->maps[index];
		if (member->len > (map->data_size ?: map->value_size))
			return too_short(skeleton, member, map->data_size ?: map->value_size, err);
		ret = memory_of(skeleton, index, &memory, err);
	}
	*skep_skeleton_place(skeleton, member) = memory;
	return ret;
}

/* Initial values of struct_ops are of no use once the kernel has its own. */
static int bind_table(const struct skep_skeleton *skeleton,
		      const struct skep_skeleton_member *member, struct skep_error *err)
{
	if (!skeleton->object)
		return bind_data(skeleton, member, err);
	*skep_skeleton_place(skeleton, member) = NULL;
	return 0;
}

/* Where a variable lies, options of the kernel included. */
static bool find_variable(const struct skep_spec *spec, const char *name,
			  struct skep_global_spec *place)
{
	const struct skep_global_spec *global = skep_spec_global(spec, name);

	if (global) {
		*place = *global;
		return true;
	}
	for (size_t i = 0; i < spec->n_externs; i++) {
		const struct skep_extern_spec *e = spec->externs[i];

		if (e->kind != SKEP_EXTERN_KCONFIG || strcmp(e->name, name))
			continue;
		*place = (struct skep_global_spec){ .map = e->map,
						    .offset = e->offset,
						    .size = e->size };
		return true;
	}
	return false;
}

static int bind_variable(const struct skep_skeleton *skeleton,
			 const struct skep_skeleton_member *member, struct skep_error *err)
{
	struct skep_global_spec place;
	char *memory = NULL;
	int ret = 0;

	if (find_variable(skeleton->spec, member->name, &place)) {
		if (member->len != place.size)
			return too_short(skeleton, member, place.size, err);
		ret = memory_of(skeleton, place.map, &memory, err);
	} else if (!(member->flags & SKEP_SKELETON_WEAK)) {
		return missing(skeleton, "variable", member, err);
	}
	*skep_skeleton_place(skeleton, member) = memory ? memory + place.offset : NULL;
	return ret;
}

static int bind_program(const struct skep_skeleton *skeleton,
			const struct skep_skeleton_member *member, struct skep_error *err)
{
	*skep_skeleton_place(skeleton, member) =
		skep_object_program(skeleton->object, member->name);
	if (skep_spec_program(skeleton->spec, member->name) || member->flags & SKEP_SKELETON_WEAK)
		return 0;
	return missing(skeleton, "program", member, err);
}

static int bind(struct skep_skeleton *skeleton, const struct skep_skeleton_member *member,
		struct skep_error *err)
{
	switch (member->kind) {
	case SKEP_SKELETON_SPEC:
		*skep_skeleton_place(skeleton, member) = skeleton->spec;
		return 0;
	case SKEP_SKELETON_OBJECT:
		*skep_skeleton_place(skeleton, member) = skeleton->object;
		return 0;
	case SKEP_SKELETON_MAP:
		return bind_map(skeleton, member, err);
	case SKEP_SKELETON_PROGRAM:
		return bind_program(skeleton, member, err);
	case SKEP_SKELETON_DATA:
		return bind_data(skeleton, member, err);
	case SKEP_SKELETON_VARIABLE:
		return bind_variable(skeleton, member, err);
	case SKEP_SKELETON_TABLE:
		return bind_table(skeleton, member, err);
	default: /* links are bound when there are any; and what only a newer library knows */
		return 0;
	}
}

int skep_skeleton_bind_all(struct skep_skeleton *skeleton, struct skep_error *err)
{
	int ret = 0;

	for (size_t i = 0; i < skeleton->known.n_members && !ret; i++) {
		struct skep_skeleton_member member = skep_skeleton_member_at(skeleton, i);

		ret = bind(skeleton, &member, err);
	}
	return ret;
}
