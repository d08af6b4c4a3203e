// SPDX-License-Identifier: MIT
/* What the kernel tells of a map: by bpf(2), and in the text of its file descriptor. */
#include "map/map.h"

#include <string.h>

#include "base/error.h"
#include "kernel/bpf.h"
#include "kernel/fdinfo.h"

int skep_map_describe(int fd, struct skep_map_info *info)
{
	struct skep_bpf_map_info known = { 0 };
	struct skep_fdinfo more;
	int ret = skep_bpf_info(fd, &known, sizeof(known));

	if (ret)
		return ret;
	*info = (struct skep_map_info){ .size = sizeof(*info),
					.id = known.id,
					.type = known.type,
					.key_size = known.key_size,
					.value_size = known.value_size,
					.max_entries = known.max_entries,
					.flags = known.map_flags,
					.extra = known.map_extra,
					.ifindex = known.ifindex,
					.netns_dev = known.netns_dev,
					.netns_ino = known.netns_ino,
					.btf_id = known.btf_id,
					.key_type_id = known.btf_key_type_id,
					.value_type_id = known.btf_value_type_id,
					.vmlinux_value_type_id = known.btf_vmlinux_value_type_id,
					.vmlinux_btf_id = known.btf_vmlinux_id };
	memcpy(info->name, known.name, sizeof(info->name) - 1);
	skep_fdinfo_read(fd, &more);
	info->memory = more.memlock;
	info->is_frozen = more.frozen;
	info->owner_type = more.owner_prog_type;
	info->owner_is_jited = more.owner_jited;
	return 0;
}

int skep_map_info(const struct skep_map *map, struct skep_map_info *info, struct skep_error *err)
{
	struct skep_map_info full;
	int ret = skep_map_check(map, err);

	if (ret)
		return ret;
	if (!info || info->size < sizeof(info->size))
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "skep_map_info wants a struct whose member size is set");
	ret = skep_map_describe(map->fd, &full);
	if (ret)
		return skep_map_refused(map, ret, "describe it", err);
	full.size = info->size < sizeof(full) ? info->size : sizeof(full);
	memcpy(info, &full, full.size);
	return 0;
}

static int ask_digest(const struct skep_map *map, void *digest)
{
	struct skep_bpf_map_info info = { .hash = SKEP_PTR(digest), .hash_size = SKEP_DIGEST_LEN };

	return skep_bpf_info(map->fd, &info, sizeof(info));
}

static bool is_frozen(const struct skep_map *map)
{
	struct skep_fdinfo known;

	skep_fdinfo_read(map->fd, &known);
	return known.frozen;
}

int skep_map_digest(const struct skep_map *map, uint8_t *digest, struct skep_error *err)
{
	int ret = skep_map_check(map, err);

	if (ret)
		return ret;
	if (!digest)
		return skep_error_null(err, SKEP_STAGE_LOAD, "digest");
	ret = ask_digest(map, digest);
	if (ret == -EINVAL || ret == -E2BIG)
		ret = skep_error_set(err, SKEP_STAGE_LOAD, ENOTSUP,
				     "the kernel computes no digest of it");
	else if (ret == -EPERM && !is_frozen(map))
		skep_error_set(err, SKEP_STAGE_LOAD, ret, "only a frozen map has a digest");
	else if (ret)
		return skep_map_refused(map, ret, "compute its digest", err);
	if (ret)
		skep_map_add_subject(map, err);
	return ret;
}
