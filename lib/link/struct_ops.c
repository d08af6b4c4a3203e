// SPDX-License-Identifier: MIT
/* Tables of functions registered with the kernel: by a bpf_link, or before 6.4 by their map. */
#include "load/struct_ops.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/uapi.h"
#include "kernel/bpf.h"
#include "kernel/rights.h"
#include "link/link.h"

static int check(const struct skep_map *map, struct skep_error *err)
{
	int ret = skep_map_check(map, err);

	if (ret)
		return ret;
	if (map->ops)
		return 0;
	skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL, "it is no struct_ops variable of an object");
	skep_map_add_subject(map, err);
	return -EINVAL;
}

static struct skep_link *fail(const struct skep_map *map, struct skep_error *err)
{
	skep_map_add_subject(map, err);
	return NULL;
}

/* "struct_ops control (tcp_congestion_ops)" */
static struct skep_link *new_link(const struct skep_link_ops *ops, int fd,
				  const struct skep_map *map, struct skep_error *err)
{
	return skep_link_new(ops, fd, err, "struct_ops %s (%s)", map->spec->name,
			     skep_btf_name(map->object->spec->btf, map->spec->value_type_id));
}

static void unregister(struct skep_link *link)
{
	const uint32_t zero = 0;

	skep_bpf_map_delete(link->prog_fd, &zero);
}

static const struct skep_link_ops map_ops = { .detach = unregister };

/* The link is there first, so that what is registered can always be taken back. */
static struct skep_link *by_map(struct skep_map *map, struct skep_error *err)
{
	struct skep_link *link;

	if (map->ops->is_filled) {
		skep_error_set(err, SKEP_STAGE_ATTACH, EBUSY,
			       "before 6.4 the kernel takes a struct_ops map once");
		skep_error_add_hint(err, "load the object again");
		return fail(map, err);
	}
	link = new_link(&map_ops, -1, map, err);
	if (!link)
		return NULL;
	link->prog_fd = fcntl(map->fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (link->prog_fd < 0)
		skep_error_set_errno(err, SKEP_STAGE_ATTACH, errno, "its fd cannot be duplicated");
	else if (!skep_ops_fill(map, err))
		return link;
	skep_link_abandon(link);
	return fail(map, err);
}

static struct skep_link *by_link(struct skep_map *map, struct skep_error *err)
{
	struct skep_attr_link_create attr;
	int fd;

	if (skep_ops_fill(map, err))
		return fail(map, err);
	memset(&attr, 0, sizeof(attr));
	attr.map_fd = (uint32_t)map->fd;
	attr.attach_type = SKEP_STRUCT_OPS;
	fd = skep_bpf_link_create(&attr);
	if (fd < 0) {
		skep_ops_explain(map, fd, err);
		return fail(map, err);
	}
	return new_link(NULL, fd, map, err);
}

struct skep_link *skep_map_attach_struct_ops(struct skep_map *map, struct skep_error *err)
{
	if (check(map, err))
		return NULL;
	return map->flags & SKEP_F_LINK ? by_link(map, err) : by_map(map, err);
}

/* The id of the map that a link has registered; 0 when it cannot be told. */
static uint32_t registered(const struct skep_link *link)
{
	struct skep_link_info info = { .size = sizeof(info) };
	uint32_t id;

	if (skep_link_info(link, &info, NULL))
		return 0;
	id = info.type == SKEP_LINK_STRUCT_OPS ? info.struct_ops.map_id : 0;
	skep_link_info_free(&info);
	return id;
}

static int explain_update(const struct skep_link *link, const struct skep_map *map,
			  const struct skep_map *expected, int code, struct skep_error *err)
{
	struct skep_map_info info = { .size = sizeof(info) };
	uint32_t id = registered(link);

	if (code == -EPERM && expected && id && !skep_map_describe(expected->fd, &info) &&
	    info.id != id)
		return skep_error_set(err, SKEP_STAGE_ATTACH, ESTALE,
				      "it has map %u registered meanwhile, and not %u as expected",
				      id, info.id);
	if (code == -EOPNOTSUPP || code == -SKEP_ENOTSUPP) {
		skep_error_set(err, SKEP_STAGE_ATTACH, EOPNOTSUPP,
			       "the kernel does not exchange a %s while it is registered",
			       skep_btf_name(map->object->spec->btf, map->spec->value_type_id));
		skep_error_add_hint(err, "close the link, then attach the other map");
		return -EOPNOTSUPP;
	}
	if (code == -EINVAL && id) {
		skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
			       "the map does not suit it: another struct, or another name in it");
		return -EINVAL;
	}
	return skep_link_explain_update(link, 0, code, err);
}

static int update(struct skep_link *link, struct skep_map *map, const struct skep_map *expected,
		  struct skep_error *err)
{
	struct skep_attr_link_update attr;
	/* Before a map is filled: without a bpf_link that would register it. */
	int ret = registered(link) ? skep_ops_fill(map, err) :
				     skep_link_explain_update(link, 0, -EINVAL, err);

	if (ret)
		return ret;
	memset(&attr, 0, sizeof(attr));
	attr.link_fd = (uint32_t)skep_link_fd(link);
	attr.new_map_fd = (uint32_t)map->fd;
	if (expected) {
		attr.flags = BPF_F_REPLACE;
		attr.old_map_fd = (uint32_t)expected->fd;
	}
	ret = skep_bpf_link_update(&attr);
	return ret ? explain_update(link, map, expected, ret, err) : 0;
}

int skep_link_update_map(struct skep_link *link, struct skep_map *map,
			 const struct skep_map *expected, struct skep_error *err)
{
	int ret;

	if (!link)
		return skep_error_null(err, SKEP_STAGE_ATTACH, "link");
	ret = check(map, err);
	if (!ret && expected)
		ret = check(expected, err);
	if (!ret)
		ret = update(link, map, expected, err);
	if (ret)
		skep_error_add_subject(err, "link '%s'", skep_link_label(link));
	return ret;
}
