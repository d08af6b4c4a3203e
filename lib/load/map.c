// SPDX-License-Identifier: MIT
#include "load/object.h"

#include "base/error.h"
#include "kernel/bpf.h"
#include "load/map_type.h"

const char *skep_map_name(const struct skep_map *map)
{
	return map->spec->name;
}

const struct skep_map_spec *skep_map_spec(const struct skep_map *map)
{
	return map->spec;
}

int skep_map_fd(const struct skep_map *map)
{
	return map->fd;
}

uint32_t skep_map_type(const struct skep_map *map)
{
	return map->fd < 0 ? map->spec->type : map->type;
}

uint32_t skep_map_key_size(const struct skep_map *map)
{
	return map->fd < 0 ? map->spec->key_size : map->key_size;
}

uint32_t skep_map_value_size(const struct skep_map *map)
{
	return map->fd < 0 ? map->spec->value_size : map->value_size;
}

uint32_t skep_map_max_entries(const struct skep_map *map)
{
	return map->fd < 0 ? map->spec->max_entries : map->max_entries;
}

size_t skep_map_lookup_size(const struct skep_map *map)
{
	size_t size = skep_map_value_size(map);

	if (!skep_map_type_is_percpu(map->spec->type))
		return size;
	if (skep_object_cpus(map->object, NULL))
		return 0;
	return ((size + 7) & ~(size_t)7) * map->object->cpus.count;
}

static int fail(const struct skep_map *map, int code, const char *doing, struct skep_error *err)
{
	if (map->fd < 0)
		skep_error_set(err, SKEP_STAGE_LOAD, code, "it was not created");
	else if (code == -ENOENT)
		skep_error_set(err, SKEP_STAGE_LOAD, code, "there is no such key");
	else if (code == -EEXIST)
		skep_error_set(err, SKEP_STAGE_LOAD, code, "the key is there already");
	else if (code == -E2BIG)
		skep_error_set(err, SKEP_STAGE_LOAD, code,
			       "it is full, or the index is not below %u", map->max_entries);
	else if (code == -EPERM)
		skep_error_set(err, SKEP_STAGE_LOAD, code,
			       "it cannot be changed: it is frozen, "
			       "or one side only may read it");
	else
		skep_error_set_errno(err, SKEP_STAGE_LOAD, code, "the kernel refuses to %s", doing);
	skep_error_add_object(err, "%s", map->object->spec->name);
	skep_error_add_subject(err, "map '%s'", map->spec->name);
	return code;
}

int skep_map_lookup(const struct skep_map *map, const void *key, void *value,
		    struct skep_error *err)
{
	int ret = map->fd < 0 ? -EBADF : skep_bpf_map_lookup(map->fd, key, value, 0);

	return ret ? fail(map, ret, "look the key up", err) : 0;
}

int skep_map_update(const struct skep_map *map, const void *key, const void *value, uint64_t flags,
		    struct skep_error *err)
{
	int ret = map->fd < 0 ? -EBADF : skep_bpf_map_update(map->fd, key, value, flags);

	return ret ? fail(map, ret, "write the element", err) : 0;
}

int skep_map_delete(const struct skep_map *map, const void *key, struct skep_error *err)
{
	int ret = map->fd < 0 ? -EBADF : skep_bpf_map_delete(map->fd, key);

	return ret ? fail(map, ret, "delete the element", err) : 0;
}

int skep_map_next_key(const struct skep_map *map, const void *key, void *next,
		      struct skep_error *err)
{
	int ret = map->fd < 0 ? -EBADF : skep_bpf_map_next_key(map->fd, key, next);

	return ret ? fail(map, ret, "list the keys", err) : 0;
}
