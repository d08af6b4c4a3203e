// SPDX-License-Identifier: MIT
#include "link/clsact.h"

#include "base/error.h"
#include "kernel/bpf.h"
#include "kernel/netlink.h"
#include "kernel/netlink_tc.h"
#include "link/interface.h"
#include "link/link.h"

struct held {
	struct skep_netlink nl;
	struct skep_tc_filter filter;
	bool made_clsact;
	uint32_t prog_id;
};

static void remove_clsact(struct held *held)
{
	if (held->made_clsact && skep_netlink_clsact_is_empty(&held->nl, held->filter.ifindex) == 1)
		skep_netlink_clsact_delete(&held->nl, held->filter.ifindex);
}

/* Only if the filter is still ours: another may have replaced it. */
static void detach(struct skep_link *link)
{
	struct held *held = link->state;
	uint32_t id;

	if (!skep_netlink_filter_query(&held->nl, &held->filter, &id) && id == held->prog_id)
		skep_netlink_filter_delete(&held->nl, &held->filter);
	remove_clsact(held);
	skep_netlink_close(&held->nl);
}

static const struct skep_link_ops ops = { .detach = detach };

static int refused(const char *ifname, const struct skep_tc_opts *opts, int code,
		   const struct held *held, struct skep_error *err)
{
	skep_interface_refused(err, code, ifname, held->nl.words);
	if (code == -EEXIST)
		skep_error_add_hint(err,
				    "a filter has handle %u and priority %u there: ask for "
				    "its replacement, or leave one of them open",
				    opts->handle, opts->priority);
	else if (code == -ENOENT)
		skep_error_add_hint(err, held->filter.is_action ?
						 "the kernel needs sch_ingress, cls_matchall and "
						 "act_bpf" :
						 "the kernel needs sch_ingress and cls_bpf");
	return code;
}

static int add(struct held *held, const struct skep_program *program,
	       const struct skep_tc_opts *opts)
{
	struct bpf_prog_info info = { 0 };
	int ret = skep_bpf_info(skep_program_fd(program), &info, sizeof(info));

	if (ret)
		return ret;
	held->prog_id = info.id;
	if (!opts->parent) {
		ret = skep_netlink_clsact_add(&held->nl, held->filter.ifindex);
		if (ret && ret != -EEXIST)
			return ret;
		held->made_clsact = !ret;
	}
	return skep_netlink_filter_add(&held->nl, &held->filter, skep_program_fd(program),
				       skep_program_name(program), opts->replace);
}

static int check(const struct skep_tc_opts *opts, struct skep_error *err)
{
	if (!opts->replace || (opts->handle && opts->priority))
		return 0;
	return skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
			      "the filter to replace is named by its handle and priority");
}

struct skep_link *skep_clsact_attach(const struct skep_program *program, const char *ifname,
				     const struct skep_tc_opts *opts, struct skep_error *err)
{
	bool egress = opts->direction == SKEP_EGRESS;
	struct skep_link *link;
	struct held *held;
	uint32_t ifindex;
	char hook[32];
	int ret;

	if (check(opts, err) || skep_interface_find(ifname, &ifindex, err))
		return skep_link_fail(program, err);
	snprintf(hook, sizeof(hook), "%s", egress ? "egress" : "ingress");
	if (opts->parent)
		snprintf(hook, sizeof(hook), "%x:%x", opts->parent >> 16, opts->parent & 0xffff);
	link = skep_link_hold(&ops, program, sizeof(*held), err, "tc/%s %s", hook, ifname);
	if (!link)
		return skep_link_fail(program, err);
	held = link->state;
	held->filter = (struct skep_tc_filter){ .ifindex = ifindex,
						.parent = opts->parent,
						.is_egress = egress,
						.is_action = skep_program_spec(program)->type ==
							     BPF_PROG_TYPE_SCHED_ACT,
						.handle = opts->handle,
						.priority = opts->priority };
	ret = skep_netlink_open(&held->nl) ?: add(held, program, opts);
	if (!ret)
		return link;
	refused(ifname, opts, ret, held, err);
	remove_clsact(held);
	skep_netlink_close(&held->nl);
	skep_link_abandon(link);
	return skep_link_fail(program, err);
}
