// SPDX-License-Identifier: MIT
/* Handles: what they say of themselves, and those that stand alone. */
#include "map/map.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "kernel/bpf.h"
#include "kernel/bpffs.h"
#include "kernel/rights.h"

const char *skep_map_name(const struct skep_map *map)
{
	if (!map)
		return "";
	return map->spec ? map->spec->name : map->name;
}

const struct skep_map_spec *skep_map_spec(const struct skep_map *map)
{
	return map ? map->spec : NULL;
}

int skep_map_fd(const struct skep_map *map)
{
	return map ? map->fd : -1;
}

const struct skep_error *skep_map_error(const struct skep_map *map)
{
	return map ? map->error : NULL;
}

/* One that was not created has what the source asks for. */
#define DEFINE_NUMBER(field)                                     \
	uint32_t skep_map_##field(const struct skep_map *map)    \
	{                                                        \
		if (!map)                                        \
			return 0;                                \
		if (map->fd < 0)                                 \
			return map->spec ? map->spec->field : 0; \
		return map->field;                               \
	}

DEFINE_NUMBER(type)
DEFINE_NUMBER(key_size)
DEFINE_NUMBER(value_size)
DEFINE_NUMBER(max_entries)
DEFINE_NUMBER(flags)

/* Fills type, sizes and flags with what the kernel says of map->fd. */
static int learn(struct skep_map *map, struct skep_error *err)
{
	struct bpf_map_info info = { 0 };
	int ret = skep_bpf_info(map->fd, &info, sizeof(info));

	/* A program or link answers as well, with something else. */
	if (!ret && !info.type)
		ret = -EINVAL;
	if (ret)
		return skep_error_set_errno(err, SKEP_STAGE_LOAD, ret,
					    "the kernel does not tell what map it is");
	map->type = info.type;
	map->key_size = info.key_size;
	map->value_size = info.value_size;
	map->max_entries = info.max_entries;
	map->flags = info.map_flags;
	map->extra = info.map_extra;
	memcpy(map->name, info.name, sizeof(map->name));
	map->name[sizeof(map->name) - 1] = '\0';
	return 0;
}

struct skep_map *skep_map_adopt(int fd, struct skep_error *err)
{
	struct skep_map *map = calloc(1, sizeof(*map));

	if (!map) {
		close(fd);
		skep_error_nomem(err, SKEP_STAGE_LOAD);
		return NULL;
	}
	map->fd = fd;
	if (!learn(map, err))
		return map;
	skep_map_close(map);
	return NULL;
}

struct skep_map *skep_map_open_id(uint32_t id, struct skep_error *err)
{
	int fd = skep_bpf_fd_by_id(BPF_MAP_GET_FD_BY_ID, id);

	if (fd >= 0)
		return skep_map_adopt(fd, err);
	if (fd == -ENOENT)
		skep_error_set(err, SKEP_STAGE_LOAD, ENOENT, "there is no map with this id");
	else if (fd == -EPERM || fd == -EACCES)
		skep_rights_explain(err, SKEP_STAGE_LOAD, EPERM, SKEP_RIGHT_SYS_ADMIN,
				    "the kernel refuses to open it");
	else
		skep_error_set_errno(err, SKEP_STAGE_LOAD, fd, "the kernel does not open it");
	skep_error_add_subject(err, "map %u", id);
	return NULL;
}

struct skep_map *skep_map_open_pinned(const char *path, struct skep_error *err)
{
	struct skep_map *map = NULL;
	int fd;

	if (!path) {
		skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "there is no path: it is NULL");
		return NULL;
	}
	fd = skep_bpffs_open(SKEP_PIN_MAP, AT_FDCWD, path, 0, SKEP_STAGE_LOAD, err);
	if (fd >= 0)
		map = skep_map_adopt(fd, err);
	if (!map)
		skep_error_add_subject(err, "map of %s", path);
	return map;
}

struct skep_map *skep_map_from_fd(int fd, struct skep_error *err)
{
	struct skep_map *map = NULL;
	int own;

	if (fd >= 0 && !skep_bpffs_is_kind(SKEP_PIN_MAP, fd)) {
		skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "it stands for something else");
		skep_error_add_subject(err, "map of fd %d", fd);
		return NULL;
	}
	own = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (own < 0)
		skep_error_set_errno(err, SKEP_STAGE_USAGE, errno, "it cannot be duplicated");
	else
		map = skep_map_adopt(own, err);
	if (!map)
		skep_error_add_subject(err, "map of fd %d", fd);
	return map;
}

void skep_map_release(struct skep_map *map)
{
	free(map->pin_path);
	map->pin_path = NULL;
	if (map->memory)
		munmap(map->memory, map->memory_len);
	map->memory = NULL;
	if (map->fd >= 0)
		close(map->fd);
	map->fd = -1;
}

void skep_map_close(struct skep_map *map)
{
	if (!map || map->object)
		return;
	skep_map_release(map);
	free(map->error);
	free(map);
}

void skep_map_add_subject(const struct skep_map *map, struct skep_error *err)
{
	const char *name = skep_map_name(map);

	if (map && map->owner)
		skep_error_add_object(err, "%s", map->owner);
	if (name[0])
		skep_error_add_subject(err, "map '%s'", name);
	else
		skep_error_add_subject(err, "a map without a name");
}

int skep_map_check(const struct skep_map *map, struct skep_error *err)
{
	if (!map)
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "there is no map: it is NULL");
	if (map->fd >= 0)
		return 0;
	skep_error_set(err, SKEP_STAGE_LOAD, EBADF, "it was not created");
	skep_map_add_subject(map, err);
	return -EBADF;
}
