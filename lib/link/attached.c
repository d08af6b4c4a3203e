// SPDX-License-Identifier: MIT
/* The public questions about what is attached where. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "kernel/bpf.h"
#include "kernel/netlink.h"
#include "kernel/netlink_tc.h"
#include "kernel/netlink_xdp.h"
#include "kernel/rights.h"
#include "link/interface.h"
#include "link/query.h"

static int refused(const char *what, int code, struct skep_error *err)
{
	if (code == -EPERM || code == -EACCES)
		return skep_rights_explain(err, SKEP_STAGE_ATTACH, code,
					   SKEP_RIGHT_BPF | SKEP_RIGHT_NET_ADMIN,
					   "the kernel does not tell what is attached");
	if (code == -EINVAL || code == -EOPNOTSUPP)
		return skep_error_set(err, SKEP_STAGE_ATTACH, ENOTSUP,
				      "this kernel cannot tell what is attached to %s at this hook",
				      what);
	/* cgroup_get_from_fd() in kernel/cgroup/cgroup.c */
	if (code == -EBADF)
		return skep_error_set(err, SKEP_STAGE_ATTACH, code,
				      "%s is no folder of a cgroup file system of version 2", what);
	return skep_error_set_errno(err, SKEP_STAGE_ATTACH, code,
				    "the kernel does not tell what is attached to %s", what);
}

static struct skep_attached *ask(const char *what, uint32_t target, uint32_t attach_type,
				 uint32_t flags, struct skep_error *err)
{
	int code;
	struct skep_attached *attached = skep_query(target, attach_type, flags, &code);

	if (!attached)
		refused(what, code, err);
	return attached;
}

static struct skep_attached *ask_file(const char *path, uint32_t attach_type, uint32_t flags,
				      struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd)
	int fd = path ? open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC) : -1;

	if (fd < 0) {
		skep_error_set_errno(err, SKEP_STAGE_ATTACH, path ? errno : EINVAL,
				     "%s cannot be opened", path ? path : "(no path)");
		return NULL;
	}
	return ask(path, (uint32_t)fd, attach_type, flags, err);
}

/* An interface may have one program in its driver, one above it and one in the card. */
static struct skep_attached *ask_xdp(const char *ifname, uint32_t ifindex, struct skep_error *err)
{
	const size_t most = sizeof(((struct skep_xdp_state *)0)->prog_ids) / sizeof(uint32_t);
	struct skep_attached *attached = skep_attached_new(most);
	struct skep_xdp_state state;
	struct skep_netlink nl;
	int ret = attached ? skep_netlink_open(&nl) : -ENOMEM;

	if (!ret) {
		ret = skep_netlink_xdp_query(&nl, ifindex, &state);
		skep_netlink_close(&nl);
	}
	if (ret) {
		skep_attached_free(attached);
		refused(ifname, ret, err);
		return NULL;
	}
	for (uint32_t mode = 0; mode < most; mode++)
		if (state.prog_ids[mode])
			attached->programs[attached->n++] =
				(struct skep_attached_program){ .program_id = state.prog_ids[mode],
								.flags = mode };
	return attached;
}

struct filters {
	struct skep_attached *attached;
	size_t room;
};

static int add_filter(const struct skep_tc_filter *filter, uint32_t prog_id, void *ctx)
{
	struct filters *f = ctx;

	if (f->attached && f->attached->n < f->room)
		f->attached->programs[f->attached->n] =
			(struct skep_attached_program){ .program_id = prog_id,
							.handle = filter->handle,
							.priority = filter->priority };
	if (f->attached)
		f->attached->n++;
	return f->attached ? 0 : -ENOMEM;
}

/* As many rounds as it takes until all fit: they may become more meanwhile. */
static int list_filters(struct skep_netlink *nl, uint32_t ifindex, bool egress, struct filters *f)
{
	int ret = 0;

	for (size_t room = 64; !ret && (!f->attached || f->attached->n > f->room); room *= 4) {
		skep_attached_free(f->attached);
		f->room = room;
		f->attached = skep_attached_new(room);
		ret = skep_netlink_filter_each(nl, ifindex, egress, add_filter, f);
	}
	return ret;
}

struct skep_attached *skep_attached_to_tc(const char *ifname, enum skep_direction direction,
					  struct skep_error *err)
{
	struct filters f = { NULL, 0 };
	struct skep_netlink nl;
	uint32_t ifindex;
	int ret;

	if (skep_interface_find(ifname, &ifindex, err))
		return NULL;
	ret = skep_netlink_open(&nl);
	if (!ret) {
		ret = list_filters(&nl, ifindex, direction == SKEP_EGRESS, &f);
		skep_netlink_close(&nl);
	}
	if (!ret)
		return f.attached;
	skep_attached_free(f.attached);
	refused(ifname, ret, err);
	return NULL;
}

struct skep_attached *skep_attached_to_interface(const char *ifname, uint32_t attach_type,
						 struct skep_error *err)
{
	uint32_t ifindex;

	if (skep_interface_find(ifname, &ifindex, err))
		return NULL;
	if (attach_type == BPF_XDP)
		return ask_xdp(ifname, ifindex, err);
	return ask(ifname, ifindex, attach_type, 0, err);
}

struct skep_attached *skep_attached_to_cgroup(const char *path, uint32_t attach_type,
					      bool effective, struct skep_error *err)
{
	return ask_file(path, attach_type, effective ? BPF_F_QUERY_EFFECTIVE : 0, err);
}

struct skep_attached *skep_attached_to_netns(const char *path, uint32_t attach_type,
					     struct skep_error *err)
{
	return ask_file(path ?: "/proc/self/ns/net", attach_type, 0, err);
}

struct skep_attached *skep_attached_to_sockmap(const struct skep_map *map, uint32_t attach_type,
					       struct skep_error *err)
{
	int fd = map ? skep_map_fd(map) : -1;

	if (fd < 0) {
		skep_error_set(err, SKEP_STAGE_ATTACH, EBADF, "there is no such map");
		return NULL;
	}
	return ask(skep_map_name(map), (uint32_t)fd, attach_type, 0, err);
}

struct skep_attached *skep_attached_to_lirc(const char *path, struct skep_error *err)
{
	return ask_file(path, BPF_LIRC_MODE2, 0, err);
}

void skep_attached_free(struct skep_attached *attached)
{
	free(attached);
}
