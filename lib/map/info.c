// SPDX-License-Identifier: MIT
/* What the kernel tells of a map: by bpf(2), and in the text of its file descriptor. */
#include "map/map.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "kernel/bpf.h"
#include "kernel/file.h"

/* The number behind "NAME:\t" at a line's start, or 0. */
static uint64_t number_of(const char *text, const char *name)
{
	size_t len = strlen(name);

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!strncmp(line, name, len) && line[len] == ':')
			return strtoull(line + len + 1, NULL, 10);
	}
	return 0;
}

static void read_fdinfo(int fd, struct skep_map_info *info)
{
	char path[64], text[2048];

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	if (skep_file_read(path, text, sizeof(text)) < 0)
		return;
	info->memory = number_of(text, "memlock");
	info->is_frozen = number_of(text, "frozen");
}

int skep_map_info(const struct skep_map *map, struct skep_map_info *info, struct skep_error *err)
{
	struct bpf_map_info known = { 0 };
	struct skep_map_info full = { 0 };
	int ret = skep_map_check(map, err);

	if (ret)
		return ret;
	if (!info || info->size < sizeof(info->size))
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "skep_map_info wants a struct whose member size is set");
	ret = skep_bpf_info(map->fd, &known, sizeof(known));
	if (ret)
		return skep_map_refused(map, ret, "describe it", err);
	full.id = known.id;
	full.type = known.type;
	full.key_size = known.key_size;
	full.value_size = known.value_size;
	full.max_entries = known.max_entries;
	full.flags = known.map_flags;
	full.extra = known.map_extra;
	memcpy(full.name, known.name, sizeof(full.name) - 1);
	full.ifindex = known.ifindex;
	full.netns_dev = known.netns_dev;
	full.netns_ino = known.netns_ino;
	full.btf_id = known.btf_id;
	full.key_type_id = known.btf_key_type_id;
	full.value_type_id = known.btf_value_type_id;
	full.vmlinux_value_type_id = known.btf_vmlinux_value_type_id;
	read_fdinfo(map->fd, &full);
	full.size = info->size < sizeof(full) ? info->size : sizeof(full);
	memcpy(info, &full, full.size);
	return 0;
}
