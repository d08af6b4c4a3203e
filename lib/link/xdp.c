// SPDX-License-Identifier: MIT
#include "link/link.h"

#include <linux/if_link.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/opts.h"
#include "kernel/bpf.h"
#include "kernel/netlink.h"
#include "kernel/netlink_xdp.h"
#include "link/interface.h"

/* One attachment that is about to be made. */
struct attachment {
	const struct skep_program *program;
	const char *ifname;
	uint32_t ifindex;
	uint32_t mode; /* XDP_FLAGS_*_MODE */
	bool replace;
	uint32_t expected_id;
};

/* What netlink attached: the socket is of the interface's namespace. */
struct held {
	struct skep_netlink nl;
	uint32_t ifindex;
};

/* Only if it is still ours, which the kernel checks by the program. */
static void detach(struct skep_link *link)
{
	struct held *held = link->state;

	skep_netlink_xdp_set(&held->nl, held->ifindex, -1, link->prog_fd, XDP_FLAGS_REPLACE);
	skep_netlink_close(&held->nl);
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

/* " 12 'name'" of the program that is there; "" if there is none, or it cannot be asked. */
static void name_holder(const struct attachment *a, char *text, size_t size)
{
	struct skep_xdp_state state = { 0 };
	struct bpf_prog_info info;
	struct skep_netlink nl;

	text[0] = '\0';
	if (skep_netlink_open(&nl))
		return;
	skep_netlink_xdp_query(&nl, a->ifindex, &state);
	skep_netlink_close(&nl);
	if (!state.prog_id)
		return;
	if (skep_bpf_prog_info_by_id(state.prog_id, &info))
		info.name[0] = '\0';
	snprintf(text, size, " %u%s%.15s%s", state.prog_id, info.name[0] ? " '" : "", info.name,
		 info.name[0] ? "'" : "");
}

static int busy(const struct attachment *a, int code, struct skep_error *err)
{
	char holder[64];

	name_holder(a, holder, sizeof(holder));
	if (!holder[0])
		return skep_error_set_errno(err, SKEP_STAGE_ATTACH, code,
					    "interface %s does not take an XDP program", a->ifname);
	skep_error_set(err, SKEP_STAGE_ATTACH, EBUSY, "interface %s runs XDP program%s already",
		       a->ifname, holder);
	if (a->replace)
		skep_error_add_hint(err, "a bpf_link holds that one: close the link first");
	else
		skep_error_add_hint(err, "detach that one first, or ask for its replacement");
	return -EBUSY;
}

static int changed(const struct attachment *a, struct skep_error *err)
{
	char holder[64];

	name_holder(a, holder, sizeof(holder));
	return skep_error_set(err, SKEP_STAGE_ATTACH, ESTALE,
			      "interface %s runs XDP program%s, and not %u as expected", a->ifname,
			      holder[0] ? holder : " none", a->expected_id);
}

static int refused(const struct attachment *a, int code, const char *words, struct skep_error *err)
{
	if (code == -EBUSY || code == -EEXIST)
		return busy(a, code, err);
	if (code == -ESTALE)
		return changed(a, err);
	skep_interface_refused(err, code, a->ifname, words);
	if (a->mode == XDP_FLAGS_DRV_MODE)
		skep_error_add_hint(err, "its driver may not have this mode: leave the mode open, "
					 "or ask for generic");
	if (a->mode == XDP_FLAGS_HW_MODE)
		skep_error_add_hint(err, "a card runs only what was loaded for it, which libskep "
					 "does not do: ask for native or generic");
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
static int netlink_attach(struct skep_netlink *nl, const struct attachment *a)
{
	SKEP_SCOPED(skep_scoped_fd) int old = -1;
	struct skep_xdp_state state;
	uint32_t flags = a->mode;
	int ret = skep_netlink_xdp_query(nl, a->ifindex, &state);

	if (ret)
		return ret;
	if (a->expected_id && state.prog_id != a->expected_id)
		return -ESTALE;
	if (state.prog_id && !a->replace)
		return -EBUSY;
	if (state.prog_id) {
		old = skep_bpf_fd_by_id(BPF_PROG_GET_FD_BY_ID, state.prog_id);
		if (old < 0)
			return old;
		flags |= XDP_FLAGS_REPLACE;
	} else {
		flags |= XDP_FLAGS_UPDATE_IF_NOEXIST;
	}
	return skep_netlink_xdp_set(nl, a->ifindex, skep_program_fd(a->program), old, flags);
}

static struct skep_link *netlink_link(const struct attachment *a, struct skep_error *err)
{
	struct skep_link *link = skep_link_hold(&netlink_ops, a->program, sizeof(struct held), err,
						"xdp %s", a->ifname);
	struct held *held;
	int ret;

	if (!link)
		return NULL;
	held = link->state;
	held->ifindex = a->ifindex;
	ret = skep_netlink_open(&held->nl) ?: netlink_attach(&held->nl, a);
	if (!ret)
		return link;
	refused(a, ret, held->nl.words, err);
	skep_netlink_close(&held->nl);
	skep_link_abandon(link);
	return NULL;
}

/* A bpf_link takes no other's place; and EINVAL: it is not known for XDP before 5.9. */
static bool takes_netlink(const struct attachment *a, int code)
{
	return code == -EINVAL || (a->replace && (code == -EBUSY || code == -EEXIST));
}

struct skep_link *skep_program_attach_xdp(const struct skep_program *program, const char *ifname,
					  const struct skep_xdp_opts *opts, struct skep_error *err)
{
	const struct skep_xdp_opts o = SKEP_OPTS(struct skep_xdp_opts, opts);
	struct attachment a = { .program = program,
				.ifname = ifname,
				.mode = mode_flags(&o),
				.replace = o.replace || o.expected_id,
				.expected_id = o.expected_id };
	struct skep_link *link;
	int fd;

	if (skep_link_check(program, BPF_PROG_TYPE_XDP, BPF_PROG_TYPE_XDP, "a network interface",
			    err) ||
	    skep_interface_find(ifname, &a.ifindex, err))
		return skep_link_fail(program, err);
	fd = a.expected_id ? -EBUSY : link_create(&a);
	if (fd >= 0)
		return skep_link_new(NULL, fd, err, "xdp %s", ifname);
	if (takes_netlink(&a, fd)) {
		link = netlink_link(&a, err);
		return link ? link : skep_link_fail(program, err);
	}
	refused(&a, fd, "", err);
	return skep_link_fail(program, err);
}
