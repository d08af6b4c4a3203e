// SPDX-License-Identifier: MIT
/* Names in a BPF file system, and whether what has one is the map that is wanted. */
#include "map/map.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "kernel/bpffs.h"
#include "map/type.h"

int skep_map_pin(struct skep_map *map, const char *path, struct skep_error *err)
{
	int ret = skep_map_check(map, err);

	if (ret)
		return ret;
	if (!path)
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "there is no path: it is NULL");
	ret = skep_bpffs_pin(map->fd, AT_FDCWD, path, SKEP_STAGE_LOAD, err);
	if (ret) {
		skep_map_add_subject(map, err);
		return ret;
	}
	free(map->pin_path);
	map->pin_path = skep_bpffs_absolute(path);
	return 0;
}

int skep_map_unpin(struct skep_map *map, const char *path, struct skep_error *err)
{
	int ret = skep_map_check(map, err);

	if (ret)
		return ret;
	path = path ?: map->pin_path;
	if (!path)
		ret = skep_error_set(err, SKEP_STAGE_USAGE, ENOENT, "it is not pinned");
	else
		ret = skep_bpffs_unpin(SKEP_PIN_MAP, map->fd, AT_FDCWD, path, SKEP_STAGE_LOAD, err);
	if (ret) {
		skep_map_add_subject(map, err);
		return ret;
	}
	if (path == map->pin_path || (map->pin_path && !strcmp(path, map->pin_path))) {
		free(map->pin_path);
		map->pin_path = NULL;
	}
	return 0;
}

const char *skep_map_pin_path(const struct skep_map *map)
{
	return map ? map->pin_path : NULL;
}

bool skep_map_is_reused(const struct skep_map *map)
{
	return map && map->is_reused;
}

/* The kernel itself lets programs only read these (dev_map_init_map). */
static uint32_t flags_of(const struct skep_map *map)
{
	if (map->type == BPF_MAP_TYPE_DEVMAP || map->type == BPF_MAP_TYPE_DEVMAP_HASH)
		return map->flags & ~(uint32_t)BPF_F_RDONLY_PROG;
	return map->flags;
}

void skep_map_compare(const struct skep_map *wanted, const struct skep_map *there, bool all,
		      char *out, size_t size)
{
	const struct {
		const char *name, *prefix;
		uint64_t there, wanted;
		bool is_detail;
	} numbers[] = {
		{ "key_size", "", there->key_size, wanted->key_size, false },
		{ "value_size", "", there->value_size, wanted->value_size, false },
		{ "max_entries", "", there->max_entries, wanted->max_entries, true },
		{ "flags", "0x", flags_of(there), flags_of(wanted), true },
		{ "map_extra", "0x", there->extra, wanted->extra, true },
	};
	char have[32], want[32];
	size_t len = 0;

	*out = '\0';
	skep_map_type_describe(there->type, have, sizeof(have));
	skep_map_type_describe(wanted->type, want, sizeof(want));
	if (there->type != wanted->type)
		len += (size_t)snprintf(out, size, " type %s, not %s;", have, want);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]) && len < size; i++) {
		const char *form = *numbers[i].prefix ? " %s 0x%" PRIx64 ", not 0x%" PRIx64 ";" :
							" %s %" PRIu64 ", not %" PRIu64 ";";

		if (numbers[i].there != numbers[i].wanted && (all || !numbers[i].is_detail))
			len += (size_t)snprintf(out + len, size - len, form, numbers[i].name,
						numbers[i].there, numbers[i].wanted);
	}
	/* A list, whose last item needs no separator. */
	len = strlen(out);
	if (len)
		out[len - 1] = '\0';
}
