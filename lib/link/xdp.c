// SPDX-License-Identifier: MIT
#include "link/link.h"

#include <fcntl.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/opts.h"
#include "kernel/bpf.h"
#include "kernel/netlink.h"
#include "kernel/rights.h"

#define XDP_RIGHTS (SKEP_RIGHT_BPF | SKEP_RIGHT_NET_ADMIN)

/* One attachment that is about to be made. */
struct attachment {
	const struct skep_program *program;
	const char *ifname;
	uint32_t ifindex;
	uint32_t mode;	   /* XDP_FLAGS_*_MODE */
	char message[160]; /* the kernel's own words */
};

/*
 * What netlink attached stays until it is taken away: only if it is still ours, which the kernel
 * checks by the program.
 */
static void detach(struct skep_link *link)
{
	skep_netlink_xdp_set(link->ifindex, -1, link->prog_fd, XDP_FLAGS_REPLACE, NULL, 0);
}

static const struct skep_link_ops netlink_ops = { .detach = detach };

static uint32_t mode_flags(const struct skep_xdp_opts *opts)
{
	switch (opts->mode) {
	case SKEP_XDP_GENERIC:
		return XDP_FLAGS_SKB_MODE;
	case SKEP_XDP_NATIVE:
		return XDP_FLAGS_DRV_MODE;
	case SKEP_XDP_OFFLOAD:
		return XDP_FLAGS_HW_MODE;
	default:
		return 0;
	}
}

static int busy(const struct attachment *a, int code, struct skep_error *err)
{
	struct skep_xdp_state state;
	struct bpf_prog_info info;

	if (skep_netlink_xdp_query(a->ifindex, &state) || !state.prog_id)
		return skep_error_set_errno(err, SKEP_STAGE_ATTACH, code,
					    "interface %s does not take an XDP program", a->ifname);
	if (skep_bpf_prog_info_by_id(state.prog_id, &info))
		info.name[0] = '\0';
	skep_error_set(err, SKEP_STAGE_ATTACH, EBUSY,
		       "interface %s runs XDP program %u%s%.15s%s already", a->ifname,
		       state.prog_id, info.name[0] ? " '" : "", info.name, info.name[0] ? "'" : "");
	skep_error_add_hint(err, "detach that one first, or ask for its replacement");
	return -EBUSY;
}

static int refused(const struct attachment *a, int code, struct skep_error *err)
{
	char hook[64];

	if (code == -EBUSY || code == -EEXIST)
		return busy(a, code, err);
	snprintf(hook, sizeof(hook), "interface %s", a->ifname);
	if (a->message[0])
		skep_error_set(err, SKEP_STAGE_ATTACH, code, "%s refuses it: %s", hook, a->message);
	else
		skep_link_refused(err, code, XDP_RIGHTS, hook);
	if (a->mode == XDP_FLAGS_DRV_MODE || a->mode == XDP_FLAGS_HW_MODE)
		skep_error_add_hint(err, "its driver may not have this mode: leave the mode open, "
					 "or ask for generic");
	return code;
}

static int link_create(const struct attachment *a)
{
	struct skep_attr_link_create attr;

	memset(&attr, 0, sizeof(attr));
	attr.prog_fd = (uint32_t)skep_program_fd(a->program);
	attr.target_ifindex = a->ifindex;
	attr.attach_type = BPF_XDP;
	attr.flags = a->mode;
	return skep_bpf_link_create(&attr);
}

/*
 * Takes the place of the program that is there, if it has not changed meanwhile, or of none. A
 * program that a bpf_link holds stays (EBUSY).
 */
static int netlink_attach(struct attachment *a, bool replace)
{
	SKEP_SCOPED(skep_scoped_fd) int old = -1;
	struct skep_xdp_state state;
	uint32_t flags = a->mode;
	int ret = skep_netlink_xdp_query(a->ifindex, &state);

	if (ret)
		return ret;
	if (state.prog_id && !replace)
		return -EBUSY;
	if (state.prog_id) {
		old = skep_bpf_fd_by_id(BPF_PROG_GET_FD_BY_ID, state.prog_id);
		if (old < 0)
			return old;
		flags |= XDP_FLAGS_REPLACE;
	} else {
		flags |= XDP_FLAGS_UPDATE_IF_NOEXIST;
	}
	return skep_netlink_xdp_set(a->ifindex, skep_program_fd(a->program), old, flags, a->message,
				    sizeof(a->message));
}

static struct skep_link *netlink_link(struct attachment *a, bool replace, struct skep_error *err)
{
	struct skep_link *link = skep_link_new(&netlink_ops, -1, err, "xdp %s", a->ifname);
	int ret;

	if (!link)
		return NULL;
	link->ifindex = a->ifindex;
	link->prog_fd = fcntl(skep_program_fd(a->program), F_DUPFD_CLOEXEC, 3);
	ret = link->prog_fd < 0 ? -errno : netlink_attach(a, replace);
	if (!ret)
		return link;
	refused(a, ret, err);
	link->ops = NULL;
	skep_link_close(link);
	return NULL;
}

static int check(struct attachment *a, struct skep_error *err)
{
	int ret = skep_link_check(a->program, BPF_PROG_TYPE_XDP, BPF_PROG_TYPE_XDP,
				  "a network interface", err);

	if (ret)
		return ret;
	a->ifindex = if_nametoindex(a->ifname);
	if (a->ifindex)
		return 0;
	skep_error_set(err, SKEP_STAGE_ATTACH, ENOENT,
		       "there is no interface '%s' in this network namespace", a->ifname);
	skep_error_add_hint(err, "'ip link' lists them");
	return -ENOENT;
}

struct skep_link *skep_program_attach_xdp(const struct skep_program *program, const char *ifname,
					  const struct skep_xdp_opts *opts, struct skep_error *err)
{
	const struct skep_xdp_opts o = SKEP_OPTS(struct skep_xdp_opts, opts);
	struct attachment a = { .program = program, .ifname = ifname, .mode = mode_flags(&o) };
	struct skep_link *link;
	int fd;

	if (check(&a, err))
		return skep_link_fail(program, err);
	fd = link_create(&a);
	if (fd >= 0)
		return skep_link_new(NULL, fd, err, "xdp %s", ifname);
	/* EINVAL: no bpf_link for XDP before 5.9, if the mode itself is good. */
	if (fd == -EINVAL || (o.replace && (fd == -EBUSY || fd == -EEXIST))) {
		link = netlink_link(&a, o.replace, err);
		return link ? link : skep_link_fail(program, err);
	}
	refused(&a, fd, err);
	return skep_link_fail(program, err);
}
