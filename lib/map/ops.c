// SPDX-License-Identifier: MIT
/* One element at a time. */
#include "map/map.h"

#include <errno.h>

#include "base/error.h"
#include "base/uapi.h"
#include "kernel/bpf.h"
#include "map/type.h"

static int no_entry(const struct skep_map *map, struct skep_error *err)
{
	switch (map->type) {
	case BPF_MAP_TYPE_QUEUE:
	case BPF_MAP_TYPE_STACK:
		return skep_error_set(err, SKEP_STAGE_LOAD, ENOENT, "it is empty");
	case BPF_MAP_TYPE_BLOOM_FILTER:
		return skep_error_set(err, SKEP_STAGE_LOAD, ENOENT, "the value was never added");
	default:
		return skep_error_set(err, SKEP_STAGE_LOAD, ENOENT, "there is no such key");
	}
}

int skep_map_refused(const struct skep_map *map, int code, const char *doing,
		     struct skep_error *err)
{
	char type[32];

	skep_map_type_describe(map->type, type, sizeof(type));
	switch (code) {
	case -ENOENT:
		no_entry(map, err);
		break;
	case -EEXIST:
		skep_error_set(err, SKEP_STAGE_LOAD, code, "the key is there already");
		break;
	case -E2BIG:
		skep_error_set(err, SKEP_STAGE_LOAD, code,
			       "it is full, or the index is not below %u", map->max_entries);
		break;
	case -EPERM:
		skep_error_set(err, SKEP_STAGE_LOAD, code,
			       "it cannot be changed: it is frozen, or one side only may read it");
		break;
	case -SKEP_ENOTSUPP:
	case -EOPNOTSUPP:
		code = skep_error_set(err, SKEP_STAGE_LOAD, ENOTSUP,
				      "to %s is nothing that bpf(2) does for maps of type %s",
				      doing, type);
		break;
	case -EINVAL:
		skep_error_set(err, SKEP_STAGE_LOAD, code,
			       "the kernel refuses to %s: maps of type %s do not take this "
			       "operation, key, value or flag",
			       doing, type);
		break;
	default:
		skep_error_set_errno(err, SKEP_STAGE_LOAD, code, "the kernel refuses to %s", doing);
	}
	skep_map_add_subject(map, err);
	return code;
}

static int check_size(const struct skep_map *map, const char *what, const void *data, size_t given,
		      size_t needed, struct skep_error *err)
{
	if (given != needed)
		skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "its %s has %zu bytes, not %zu", what,
			       needed, given);
	else if (!data && needed)
		skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "there is no %s: it is NULL", what);
	else
		return 0;
	skep_map_add_subject(map, err);
	return -EINVAL;
}

/* Bytes of value that go with these flags: those of one CPU, if the flags name it or all alike. */
static size_t value_len(const struct skep_map *map, uint64_t flags)
{
	if (flags & (SKEP_F_CPU | SKEP_F_ALL_CPUS) && skep_map_type_is_percpu(map->type))
		return map->value_size;
	return skep_map_lookup_size(map);
}

static int check(const struct skep_map *map, const void *key, size_t key_size, const void *value,
		 size_t value_size, uint64_t flags, struct skep_error *err)
{
	int ret = skep_map_check(map, err);

	if (ret)
		return ret;
	if (!value_len(map, flags) && map->value_size)
		return skep_error_set(err, SKEP_STAGE_LOAD, EIO,
				      "/sys/devices/system/cpu/possible does not tell the CPUs");
	return check_size(map, "key", key, key_size, map->key_size, err) ?:
		       check_size(map, "value", value, value_size, value_len(map, flags), err);
}

/* Where the caller says no sizes they are taken for the map's. */
static int check_there(const struct skep_map *map, const void *key, const void *value,
		       struct skep_error *err)
{
	int ret = skep_map_check(map, err);

	return ret ?: check(map, key, map->key_size, value, value_len(map, 0), 0, err);
}

static int lookup(const struct skep_map *map, const void *key, void *value, uint64_t flags,
		  struct skep_error *err)
{
	int ret = skep_bpf_map_lookup(map->fd, key, value, flags);

	return ret ? skep_map_refused(map, ret, "look the key up", err) : 0;
}

static int update(const struct skep_map *map, const void *key, const void *value, uint64_t flags,
		  struct skep_error *err)
{
	int ret = skep_bpf_map_update(map->fd, key, value, flags);

	return ret ? skep_map_refused(map, ret, "write the element", err) : 0;
}

int skep_map_lookup(const struct skep_map *map, const void *key, void *value,
		    struct skep_error *err)
{
	int ret = check_there(map, key, value, err);

	return ret ?: lookup(map, key, value, 0, err);
}

int skep_map_get(const struct skep_map *map, const void *key, size_t key_size, void *value,
		 size_t value_size, uint64_t flags, struct skep_error *err)
{
	int ret = check(map, key, key_size, value, value_size, flags, err);

	return ret ?: lookup(map, key, value, flags, err);
}

int skep_map_update(const struct skep_map *map, const void *key, const void *value, uint64_t flags,
		    struct skep_error *err)
{
	int ret = check_there(map, key, value, err);

	return ret ?: update(map, key, value, flags, err);
}

int skep_map_put(const struct skep_map *map, const void *key, size_t key_size, const void *value,
		 size_t value_size, uint64_t flags, struct skep_error *err)
{
	int ret = check(map, key, key_size, value, value_size, flags, err);

	return ret ?: update(map, key, value, flags, err);
}

/* Elements of these are there for ever, which the kernel says by EINVAL only. */
static bool can_delete(const struct skep_map *map)
{
	return map->type != BPF_MAP_TYPE_ARRAY && map->type != BPF_MAP_TYPE_PERCPU_ARRAY &&
	       map->type != BPF_MAP_TYPE_BLOOM_FILTER;
}

static int delete (const struct skep_map *map, const void *key, struct skep_error *err)
{
	int ret = skep_bpf_map_delete(map->fd, key);

	if (ret == -EINVAL && !can_delete(map))
		ret = -EOPNOTSUPP;
	return ret ? skep_map_refused(map, ret, "delete an element", err) : 0;
}

int skep_map_delete(const struct skep_map *map, const void *key, struct skep_error *err)
{
	int ret = skep_map_check(map, err) ?:
			  check_size(map, "key", key, map->key_size, map->key_size, err);

	return ret ?: delete (map, key, err);
}

int skep_map_take(const struct skep_map *map, const void *key, size_t key_size, void *value,
		  size_t value_size, uint64_t flags, struct skep_error *err)
{
	int ret = check(map, key, key_size, value, value_size, flags, err);

	if (ret)
		return ret;
	ret = skep_bpf_map_take(map->fd, key, value, flags);
	if (ret != -SKEP_ENOTSUPP && ret != -EOPNOTSUPP)
		return ret ? skep_map_refused(map, ret, "take the element", err) : 0;
	if (!can_delete(map))
		return skep_map_refused(map, -EOPNOTSUPP, "take the element", err);
	ret = lookup(map, key, value, flags, err) ?: delete (map, key, err);
	return ret ?: 1;
}

int skep_map_next_key(const struct skep_map *map, const void *key, void *next,
		      struct skep_error *err)
{
	int ret = skep_map_check(map, err) ?:
			  check_size(map, "key", next, map->key_size, map->key_size, err);

	if (ret)
		return ret;
	ret = skep_bpf_map_next_key(map->fd, key, next);
	return ret ? skep_map_refused(map, ret, "list the keys", err) : 0;
}

int skep_map_freeze(const struct skep_map *map, struct skep_error *err)
{
	int ret = skep_map_check(map, err);

	if (ret)
		return ret;
	ret = skep_bpf_map_freeze(map->fd);
	if (ret != -EBUSY)
		return ret ? skep_map_refused(map, ret, "freeze it", err) : 0;
	skep_error_set(err, SKEP_STAGE_LOAD, EBUSY, "it is being written, or is frozen already");
	skep_error_add_hint(err, "close mappings of its memory that may be written");
	skep_map_add_subject(map, err);
	return -EBUSY;
}
