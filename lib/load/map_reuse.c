// SPDX-License-Identifier: MIT
/* Maps that are there already: pinned, or given by the caller. */
#include "load/object.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "kernel/bpffs.h"

SKEP_DEFINE_SCOPED(map, struct skep_map, skep_map_close)

/* Takes @there's place in the kernel for the object's map, if they agree. */
static int take_over(struct skep_map *map, struct skep_map *there, bool all, const char *which,
		     struct skep_error *err)
{
	char differences[384];

	skep_map_compare(map, there, all, differences, sizeof(differences));
	if (differences[0]) {
		skep_error_set(err, SKEP_STAGE_LOAD, EINVAL, "%s is another map:%s", which,
			       differences);
		skep_error_add_hint(err, all ? "remove the pin if nobody needs it any more, or "
					       "change the source" :
					       "give a map of that type and those sizes");
		return -EINVAL;
	}
	map->max_entries = there->max_entries;
	map->flags = there->flags;
	map->extra = there->extra;
	map->fd = SKEP_TAKE_FD(there->fd);
	map->is_reused = true;
	return 1;
}

int skep_map_use_given(struct skep_map *map, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_map) struct skep_map *copy = NULL;
	int ret = skep_map_check(map->spec->use, err);

	if (ret)
		return ret;
	copy = skep_map_from_fd(map->spec->use->fd, err);
	return copy ? take_over(map, copy, false, "the map that was given for it", err) : -EINVAL;
}

/* The kernel takes no dots in the names of pins. */
static char *pin_path(const struct skep_map *map)
{
	const char *root = map->object->opts.pin_root ?: SKEP_BPFFS_ROOT;
	const struct skep_map_spec *spec = map->spec;
	char *path = NULL;

	if (spec->pin_path)
		return skep_bpffs_absolute(spec->pin_path);
	if (asprintf(&path, "%s/%s", root, spec->name) < 0)
		return NULL;
	for (char *c = path + strlen(root); *c; c++)
		*c = *c == '.' ? '_' : *c;
	return path;
}

bool skep_map_wants_pin(const struct skep_map *map)
{
	return map->spec->pin_path || map->spec->pinning;
}

/* 1: what is pinned at map->pin_path is used; 0: nothing is. */
static int use_pin(struct skep_map *map, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_map) struct skep_map *there = NULL;
	char which[160];
	int ret;

	if (faccessat(AT_FDCWD, map->pin_path, F_OK, AT_SYMLINK_NOFOLLOW) && errno == ENOENT)
		return 0;
	ret = skep_bpffs_open(SKEP_PIN_MAP, AT_FDCWD, map->pin_path, 0, SKEP_STAGE_LOAD, err);
	if (ret == -ENOENT)
		return 0;
	if (ret < 0)
		return ret;
	there = skep_map_adopt(ret, err);
	if (!there)
		return -EINVAL;
	snprintf(which, sizeof(which), "what is pinned at %.120s", map->pin_path);
	return take_over(map, there, true, which, err);
}

int skep_map_use_pinned(struct skep_map *map, struct skep_error *err)
{
	map->pin_path = pin_path(map);
	return map->pin_path ? use_pin(map, err) : skep_error_nomem(err, SKEP_STAGE_LOAD);
}

static int pin(const struct skep_map *map, struct skep_error *err)
{
	return skep_bpffs_pin(map->fd, AT_FDCWD, map->pin_path, SKEP_STAGE_LOAD, err);
}

/* The folder is made if it is only that which is missing. */
static int make_folder(const struct skep_map *map, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_free) char *folder = strdup(map->pin_path);
	char *slash = folder ? strrchr(folder, '/') : NULL;

	if (!slash)
		return skep_error_nomem(err, SKEP_STAGE_LOAD);
	*slash = '\0';
	return skep_bpffs_make_folder(AT_FDCWD, folder, SKEP_STAGE_LOAD, err);
}

int skep_map_pin_new(struct skep_map *map, struct skep_error *err)
{
	int ret = pin(map, err);

	if (ret == -ENOENT)
		ret = make_folder(map, err) ?: pin(map, err);
	map->is_pinned = !ret;
	if (ret != -EEXIST)
		return ret;
	/* Somebody was faster with the same map: theirs is the one. */
	close(map->fd);
	map->fd = -1;
	ret = use_pin(map, err);
	return ret ? (ret < 0 ? ret : 0) :
		     skep_error_set(err, SKEP_STAGE_LOAD, EAGAIN, "%s comes and goes",
				    map->pin_path);
}

void skep_object_unpin(struct skep_object *object)
{
	for (size_t i = 0; i < object->n_maps; i++)
		if (object->maps[i].is_pinned)
			skep_map_unpin(&object->maps[i], NULL, NULL);
}
