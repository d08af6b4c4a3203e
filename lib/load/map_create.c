// SPDX-License-Identifier: MIT
#include "load/object.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/uapi.h"
#include "kernel/bpf.h"
#include "load/btf_resize.h"
#include "load/struct_ops.h"
#include "map/type.h"

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
	if (skep_btf_sizeof(object->spec->btf, spec->value_type_id) != spec->value_size &&
	    !skep_btf_resizes(object->spec, spec))
		return;
	attr->btf_fd = (uint32_t)object->btf_fd;
	attr->btf_key_type_id = spec->key_type_id;
	attr->btf_value_type_id = spec->value_type_id;
}

/* Its value's type is the kernel's, or a module's; all the same there must be BTF of the object. */
static void describe_ops(struct skep_attr_map_create *attr, const struct skep_object *object,
			 const struct skep_ops *ops)
{
	attr->btf_fd = (uint32_t)object->btf_fd;
	attr->btf_vmlinux_value_type_id = ops->value_id;
	attr->value_type_btf_obj_fd = ops->btf_fd;
}

/*
 * A bpf_link registers it, whatever the source says, where the kernel has one: nothing else ends
 * with the process.
 */
static int want_ops(struct skep_map *map, struct skep_error *err)
{
	const struct skep_error *why = map->object->btf_error;
	int ret = skep_ops_prepare(map, err);

	if (ret)
		return ret;
	if (map->object->btf_fd < 0)
		return skep_error_set(err, SKEP_STAGE_LOAD, why ? why->code : ENOMEM,
				      "it needs the object's BTF in the kernel: %s",
				      why ? why->cause : "there is no memory");
	map->value_size = map->ops->value_size;
	map->flags |= SKEP_F_LINK;
	if (map->ops->btf_fd)
		map->flags |= SKEP_F_VTYPE_BTF_OBJ_FD;
	return 0;
}

/* What the spec asks for, in sizes that the kernel takes. */
static int want(struct skep_map *map, struct skep_error *err)
{
	const struct skep_map_spec *spec = map->spec;

	map->type = spec->type;
	map->key_size = spec->key_size;
	map->value_size = spec->value_size;
	map->max_entries = spec->max_entries;
	map->flags = spec->flags;
	map->extra = spec->extra;
	return spec->kind == SKEP_MAP_STRUCT_OPS ? want_ops(map, err) : skep_map_fit(map, err);
}

static int create_map(struct skep_map *map, int inner_fd, struct skep_error *err)
{
	struct skep_object *object = map->object;
	uint8_t digest[SKEP_SHA256_LEN];
	struct skep_map_request request = {
		.attr = { .inner_map_fd = inner_fd < 0 ? 0 : (uint32_t)inner_fd,
			  .numa_node = map->spec->numa_node,
			  .map_ifindex = map->spec->ifindex },
		.btf_error = object->btf_error,
		.token_path = object->opts.token_path,
	};

	if (map->spec->exclusive) {
		int ret = skep_program_digest_early(object, map->spec->exclusive, digest, err);

		if (ret)
			return ret;
		request.attr.excl_prog_hash = SKEP_PTR(digest);
		request.attr.excl_prog_hash_size = sizeof(digest);
	}
	if (request.token_path)
		request.attr.map_token_fd = object->token_fd;
	kernel_name(request.attr.map_name, object, map->spec);
	if (map->ops)
		describe_ops(&request.attr, object, map->ops);
	else
		describe_types(&request.attr, object, map->spec);
	return skep_map_make(map, &request, err);
}

/*
 * What the inner maps look like: a template that lives until the outer map is made, or the map in
 * the first slot.
 */
static int inner_template(struct skep_map *map, struct skep_error *err)
{
	struct skep_map inner = { .object = map->object, .spec = map->spec->inner, .fd = -1 };
	int ret = inner.spec ? want(&inner, inner.spec->use ? NULL : err) : 0;

	if (inner.spec && inner.spec->use)
		return skep_map_use_given(&inner, err) < 0 ? -EINVAL : inner.fd;
	if (inner.spec)
		return ret ?: create_map(&inner, -1, err);
	skep_error_set(err, SKEP_STAGE_LOAD, EINVAL, "it does not say what its inner maps are");
	skep_error_add_hint(err, "add __array(values, struct { ... }) with the inner definition");
	return -EINVAL;
}

static int create_new(struct skep_map *map, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int inner_fd = -1;
	int fd;

	if (skep_map_type_is_outer(map->spec->type)) {
		inner_fd = inner_template(map, err);
		if (inner_fd < 0)
			return inner_fd;
	}
	fd = create_map(map, inner_fd, err);
	if (fd < 0)
		return fd;
	map->fd = fd;
	return is_data(map->spec) ? skep_map_fill(map, err) : 0;
}

static int create(struct skep_map *map, struct skep_error *err)
{
	bool pinned = !map->spec->use && skep_map_wants_pin(map);
	int ret = want(map, map->spec->use ? NULL : err);

	/* What is given has a size, even if the source has none. */
	if (ret && !map->spec->use)
		return ret;
	if (map->spec->use)
		ret = skep_map_use_given(map, err);
	else if (pinned)
		ret = skep_map_use_pinned(map, err);
	if (ret)
		return ret < 0 ? ret : 0;
	ret = create_new(map, err);
	return ret || !pinned ? ret : skep_map_pin_new(map, err);
}

static int create_and_open(struct skep_map *map, struct skep_error *err)
{
	int ret = create(map, err);

	return ret || map->type != SKEP_MAP_TYPE_ARENA ? ret : skep_map_open_arena(map, err);
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
			if (ref->kind == SKEP_REF_EXTERN &&
			    spec->externs[ref->index]->kind == SKEP_EXTERN_KCONFIG &&
			    spec->externs[ref->index]->map == map)
				return true;
		}
	}
	return false;
}

/* Keeps why a map failed and closes it. -ENOMEM only. */
static int keep_failure(struct skep_map *map, const struct skep_error *err)
{
	skep_map_release(map);
	map->error = skep_error_keep(err);
	return map->error ? 0 : -ENOMEM;
}

int skep_object_create_maps(struct skep_object *object)
{
	for (size_t i = 0; i < object->n_maps; i++) {
		struct skep_map *map = &object->maps[i];
		struct skep_error err = { 0 };

		if (!map->spec->create ||
		    (is_data(map->spec) && !map->spec->bind && !is_used(object->spec, (uint32_t)i)))
			continue;
		if (!create_and_open(map, &err))
			continue;
		skep_error_add_subject(&err, "map '%s'", map->spec->name);
		if (keep_failure(map, &err))
			return -ENOMEM;
	}
	return 0;
}
