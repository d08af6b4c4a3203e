// SPDX-License-Identifier: MIT
#include "load/object.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "kernel/bpf.h"
#include "kernel/memlock.h"
#include "kernel/rights.h"
#include "load/map_type.h"
#include "load/probe.h"

static bool is_data(const struct skep_map_spec *spec)
{
	return spec->kind == SKEP_MAP_DATA || spec->kind == SKEP_MAP_KCONFIG;
}

/* ".bss" of object "open" is "open.bss" in the kernel; the section's name is never cut. */
static void kernel_name(char out[BPF_OBJ_NAME_LEN], const struct skep_object *object,
			const struct skep_map_spec *spec)
{
	size_t room = BPF_OBJ_NAME_LEN - 1;
	char name[BPF_OBJ_NAME_LEN * 2];
	size_t len = strlen(spec->name);

	if (is_data(spec) && len < room) {
		snprintf(name, sizeof(name), "%.*s%s", (int)(room - len), object->spec->name,
			 spec->name);
		skep_bpf_name(out, name);
	} else {
		skep_bpf_name(out, spec->name);
	}
}

static void describe_types(struct skep_attr_map_create *attr, const struct skep_object *object,
			   const struct skep_map_spec *spec)
{
	if (object->btf_fd < 0 || !spec->value_type_id || !skep_map_type_has_btf(spec->type))
		return;
	if (!spec->key_type_id && !is_data(spec))
		return;
	/* The kernel would refuse it, after it has allocated all of the map. */
	if (skep_btf_sizeof(object->spec->btf, spec->value_type_id) != spec->value_size)
		return;
	attr->btf_fd = (uint32_t)object->btf_fd;
	attr->btf_key_type_id = spec->key_type_id;
	attr->btf_value_type_id = spec->value_type_id;
}

/* Takes one more thing away that an older kernel may not know; false when nothing is left. */
static bool simplify(struct skep_attr_map_create *attr)
{
	if (attr->btf_fd) {
		attr->btf_fd = 0;
		attr->btf_key_type_id = 0;
		attr->btf_value_type_id = 0;
	} else if (attr->map_flags & BPF_F_MMAPABLE && attr->max_entries == 1) {
		attr->map_flags &= ~(uint32_t)BPF_F_MMAPABLE;
	} else if (attr->map_name[0]) {
		memset(attr->map_name, 0, sizeof(attr->map_name));
	} else {
		return false;
	}
	return true;
}

static int create(struct skep_object *object, struct skep_attr_map_create *attr)
{
	struct rlimit old;
	int fd = skep_bpf_map_create(attr);

	if (fd == -EPERM && skep_object_raise_memlock(object, &old)) {
		fd = skep_bpf_map_create(attr);
		if (fd < 0)
			skep_memlock_restore(&old);
	}
	return fd;
}

/* The first refusal is the one to tell: what follows has less in it, not more. */
static int create_somehow(struct skep_object *object, struct skep_attr_map_create *attr)
{
	struct skep_attr_map_create simple = *attr;
	int first = create(object, attr);
	int fd = first;

	while ((fd == -EINVAL || fd == -E2BIG || fd == -SKEP_ENOTSUPP) && simplify(&simple))
		fd = create(object, &simple);
	if (fd >= 0)
		*attr = simple;
	return fd >= 0 ? fd : first;
}

static void no_memory(const struct skep_map *map, int code, struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_LOAD, code,
		       "the kernel has no memory for %u entries of %u bytes", map->max_entries,
		       map->key_size + map->value_size);
	skep_error_add_hint(err, "make max_entries smaller, or set BPF_F_NO_PREALLOC for a hash");
}

/* Without the right to load BTF there is none, and some types are invalid without theirs. */
static bool lacks_rights(const struct skep_object *object, int code)
{
	const struct skep_error *why = object ? object->btf_error : NULL;

	return code == -EPERM || code == -EACCES ||
	       (code == -EINVAL && why && (why->code == EPERM || why->code == EACCES));
}

static int explain(const struct skep_map *map, int code, struct skep_error *err)
{
	char type[32];

	skep_map_type_describe(map->type, type, sizeof(type));
	if (lacks_rights(map->object, code))
		return skep_rights_explain(err, SKEP_STAGE_LOAD, EPERM,
					   SKEP_RIGHT_BPF | skep_map_type_rights(map->type),
					   "the kernel refuses to create it");
	if (code == -ENOMEM) {
		no_memory(map, code, err);
	} else if (code == -E2BIG) {
		skep_error_set(err, SKEP_STAGE_LOAD, code,
			       "%u entries of %u + %u bytes are more than the kernel allows for "
			       "type %s",
			       map->max_entries, map->key_size, map->value_size, type);
		skep_error_add_hint(err, "make the value or max_entries smaller");
	} else if (code == -EINVAL && skep_kernel_lacks_map_type(map->type)) {
		code = skep_error_set(err, SKEP_STAGE_LOAD, ENOTSUP,
				      "this kernel has no map type %s", type);
		skep_error_add_hint(err, "use an older type, or a newer kernel");
	} else if (code == -EINVAL) {
		skep_error_set(err, SKEP_STAGE_LOAD, code,
			       "the kernel does not take type %s with key_size %u, value_size %u, "
			       "max_entries %u, flags 0x%x",
			       type, map->key_size, map->value_size, map->max_entries, map->flags);
		skep_error_add_hint(err, "%s",
				    skep_map_type_advice(map->type, map->key_size, map->value_size,
							 map->max_entries));
	} else {
		skep_error_set_errno(err, SKEP_STAGE_LOAD, code,
				     "the kernel does not create type %s", type);
	}
	return code;
}

static int create_map(struct skep_map *map, const struct skep_map_spec *spec, int inner_fd,
		      struct skep_error *err)
{
	struct skep_attr_map_create attr = { .inner_map_fd = inner_fd < 0 ? 0 : (uint32_t)inner_fd,
					     .numa_node = spec->numa_node,
					     .map_extra = spec->extra };
	int fd = skep_map_fit(map, spec, err);

	if (fd)
		return fd;
	attr.map_type = map->type;
	attr.key_size = map->key_size;
	attr.value_size = map->value_size;
	attr.max_entries = map->max_entries;
	attr.map_flags = map->flags;
	kernel_name(attr.map_name, map->object, spec);
	describe_types(&attr, map->object, spec);
	fd = create_somehow(map->object, &attr);
	if (fd < 0)
		return explain(map, fd, err);
	map->flags = attr.map_flags;
	return fd;
}

/*
 * What the inner maps look like: a template that lives until the outer map is made, or the map in
 * the first slot.
 */
static int inner_template(struct skep_map *map, struct skep_error *err)
{
	struct skep_map inner = { .object = map->object, .spec = map->spec->inner, .fd = -1 };

	if (map->spec->inner)
		return create_map(&inner, map->spec->inner, -1, err);
	skep_error_set(err, SKEP_STAGE_LOAD, EINVAL, "it does not say what its inner maps are");
	skep_error_add_hint(err, "add __array(values, struct { ... }) with the inner definition");
	return -EINVAL;
}

static int create_and_fill(struct skep_map *map, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int inner_fd = -1;
	int fd;

	if (skep_map_type_is_outer(map->spec->type)) {
		inner_fd = inner_template(map, err);
		if (inner_fd < 0)
			return inner_fd;
	}
	fd = create_map(map, map->spec, inner_fd, err);
	if (fd < 0)
		return fd;
	map->fd = fd;
	return is_data(map->spec) ? skep_map_fill(map, err) : 0;
}

/* Whether any code refers to a data map: one that none does is not worth two calls. */
static bool is_used(const struct skep_spec *spec, uint32_t map)
{
	for (size_t f = 0; f < spec->n_functions; f++) {
		const struct skep_function *function = spec->functions[f];

		for (size_t r = 0; r < function->n_refs; r++) {
			const struct skep_ref *ref = &function->refs[r];

			if ((ref->kind == SKEP_REF_DATA || ref->kind == SKEP_REF_MAP) &&
			    ref->index == map)
				return true;
		}
	}
	return false;
}

int skep_map_fail(struct skep_map *map, const struct skep_error *err)
{
	if (map->fd >= 0)
		close(map->fd);
	map->fd = -1;
	map->error = skep_error_keep(err);
	return map->error ? 0 : -ENOMEM;
}

int skep_object_create_maps(struct skep_object *object)
{
	for (size_t i = 0; i < object->n_maps; i++) {
		struct skep_map *map = &object->maps[i];
		struct skep_error err = { 0 };

		if (!map->spec->create ||
		    (is_data(map->spec) && !is_used(object->spec, (uint32_t)i)))
			continue;
		if (!create_and_fill(map, &err))
			continue;
		skep_error_add_subject(&err, "map '%s'", map->spec->name);
		if (skep_map_fail(map, &err))
			return -ENOMEM;
	}
	return 0;
}
