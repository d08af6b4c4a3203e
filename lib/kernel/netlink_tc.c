// SPDX-License-Identifier: MIT
#include "kernel/netlink_tc.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/tc_act/tc_bpf.h>
#include <string.h>

#include "kernel/netlink.h"

static int ask_qdisc(struct skep_netlink *nl, uint16_t type, uint16_t flags, uint32_t ifindex)
{
	const struct tcmsg tc = { .tcm_family = AF_UNSPEC,
				  .tcm_ifindex = (int)ifindex,
				  .tcm_handle = TC_H_MAKE(TC_H_CLSACT, 0),
				  .tcm_parent = TC_H_CLSACT };
	struct skep_netlink_request req;

	skep_netlink_begin(&req, type, flags, &tc, sizeof(tc));
	skep_netlink_add_string(&req, TCA_KIND, "clsact");
	return skep_netlink_ask(nl, &req, NULL, NULL);
}

int skep_netlink_clsact_add(struct skep_netlink *nl, uint32_t ifindex)
{
	return ask_qdisc(nl, RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL, ifindex);
}

int skep_netlink_clsact_delete(struct skep_netlink *nl, uint32_t ifindex)
{
	return ask_qdisc(nl, RTM_DELQDISC, 0, ifindex);
}

static struct tcmsg filter_header(const struct skep_tc_filter *f)
{
	uint32_t side = f->is_egress ? TC_H_MIN_EGRESS : TC_H_MIN_INGRESS;

	return (struct tcmsg){ .tcm_family = AF_UNSPEC,
			       .tcm_ifindex = (int)f->ifindex,
			       .tcm_handle = f->handle,
			       .tcm_parent = f->parent ? f->parent : TC_H_MAKE(TC_H_CLSACT, side),
			       .tcm_info =
				       TC_H_MAKE((uint32_t)f->priority << 16, htons(ETH_P_ALL)) };
}

static void add_classifier(struct skep_netlink_request *req, int prog_fd, const char *name)
{
	size_t options;

	skep_netlink_add_string(req, TCA_KIND, "bpf");
	options = skep_netlink_nest(req, TCA_OPTIONS);
	skep_netlink_add_u32(req, TCA_BPF_FD, (uint32_t)prog_fd);
	skep_netlink_add_name(req, TCA_BPF_NAME, name);
	/* What the program returns decides, instead of being the class of the packet. */
	skep_netlink_add_u32(req, TCA_BPF_FLAGS, TCA_BPF_FLAG_ACT_DIRECT);
	skep_netlink_end(req, options);
}

static void add_action(struct skep_netlink_request *req, int prog_fd, const char *name)
{
	const struct tc_act_bpf parms = { .action = TC_ACT_PIPE };
	size_t options, actions, first, own;

	skep_netlink_add_string(req, TCA_KIND, "matchall");
	options = skep_netlink_nest(req, TCA_OPTIONS);
	actions = skep_netlink_nest(req, TCA_MATCHALL_ACT);
	first = skep_netlink_nest(req, 1);
	skep_netlink_add_string(req, TCA_ACT_KIND, "bpf");
	own = skep_netlink_nest(req, TCA_ACT_OPTIONS);
	skep_netlink_add(req, TCA_ACT_BPF_PARMS, &parms, sizeof(parms));
	skep_netlink_add_u32(req, TCA_ACT_BPF_FD, (uint32_t)prog_fd);
	skep_netlink_add_name(req, TCA_ACT_BPF_NAME, name);
	skep_netlink_end(req, own);
	skep_netlink_end(req, first);
	skep_netlink_end(req, actions);
	skep_netlink_end(req, options);
}

static int read_place(const struct nlmsghdr *header, void *ctx)
{
	const struct tcmsg *tc = NLMSG_DATA(header);
	struct skep_tc_filter *filter = ctx;

	if (header->nlmsg_type != RTM_NEWTFILTER || NLMSG_PAYLOAD(header, 0) < sizeof(*tc))
		return 0;
	if (tc->tcm_handle)
		filter->handle = tc->tcm_handle;
	filter->priority = (uint16_t)(tc->tcm_info >> 16);
	return 0;
}

int skep_netlink_filter_add(struct skep_netlink *nl, struct skep_tc_filter *filter, int prog_fd,
			    const char *name, bool replace)
{
	struct skep_netlink_request req;
	struct tcmsg tc;

	/* matchall has one filter a priority, and its echo does not tell the handle. */
	if (filter->is_action && !filter->handle)
		filter->handle = 1;
	tc = filter_header(filter);
	/* The echo tells what the kernel has chosen. */
	skep_netlink_begin(&req, RTM_NEWTFILTER,
			   NLM_F_ECHO | NLM_F_CREATE | (replace ? NLM_F_REPLACE : NLM_F_EXCL), &tc,
			   sizeof(tc));
	if (filter->is_action)
		add_action(&req, prog_fd, name);
	else
		add_classifier(&req, prog_fd, name);
	return skep_netlink_ask(nl, &req, read_place, filter);
}

static void name_filter(struct skep_netlink_request *req, uint16_t type,
			const struct skep_tc_filter *filter)
{
	const struct tcmsg tc = filter_header(filter);

	skep_netlink_begin(req, type, 0, &tc, sizeof(tc));
	skep_netlink_add_string(req, TCA_KIND, filter->is_action ? "matchall" : "bpf");
}

int skep_netlink_filter_delete(struct skep_netlink *nl, const struct skep_tc_filter *filter)
{
	struct skep_netlink_request req;

	name_filter(&req, RTM_DELTFILTER, filter);
	return skep_netlink_ask(nl, &req, NULL, NULL);
}

/* 0 for a filter that runs none. */
static uint32_t program_of(const struct nlmsghdr *header)
{
	const struct rtattr *options = skep_netlink_find(header, sizeof(struct tcmsg), TCA_OPTIONS);
	const struct rtattr *action =
		skep_netlink_find_in(skep_netlink_find_in(options, TCA_MATCHALL_ACT), 1);
	char kind[16] = "";

	skep_netlink_string(skep_netlink_find(header, sizeof(struct tcmsg), TCA_KIND), kind,
			    sizeof(kind));
	if (!strcmp(kind, "bpf"))
		return skep_netlink_u32(skep_netlink_find_in(options, TCA_BPF_ID));
	if (strcmp(kind, "matchall"))
		return 0;
	action = skep_netlink_find_in(action, TCA_ACT_OPTIONS);
	return skep_netlink_u32(skep_netlink_find_in(action, TCA_ACT_BPF_ID));
}

static int read_program(const struct nlmsghdr *header, void *ctx)
{
	uint32_t *id = ctx;

	if (header->nlmsg_type == RTM_NEWTFILTER)
		*id = program_of(header);
	return 0;
}

int skep_netlink_filter_query(struct skep_netlink *nl, const struct skep_tc_filter *filter,
			      uint32_t *prog_id)
{
	struct skep_netlink_request req;

	*prog_id = 0;
	name_filter(&req, RTM_GETTFILTER, filter);
	return skep_netlink_ask(nl, &req, read_program, prog_id);
}

/* All filters of a direction. */
static int dump(struct skep_netlink *nl, uint32_t ifindex, bool egress, skep_netlink_answer_fn fn,
		void *ctx)
{
	const struct skep_tc_filter any = { .ifindex = ifindex, .is_egress = egress };
	struct tcmsg tc = filter_header(&any);
	struct skep_netlink_request req;

	tc.tcm_info = 0;
	skep_netlink_begin(&req, RTM_GETTFILTER, NLM_F_DUMP, &tc, sizeof(tc));
	return skep_netlink_ask(nl, &req, fn, ctx);
}

static int count_filter(const struct nlmsghdr *header, void *ctx)
{
	unsigned int *n = ctx;

	*n += header->nlmsg_type == RTM_NEWTFILTER;
	return 0;
}

int skep_netlink_clsact_is_empty(struct skep_netlink *nl, uint32_t ifindex)
{
	unsigned int n = 0;
	int ret = dump(nl, ifindex, false, count_filter, &n) ?:
			  dump(nl, ifindex, true, count_filter, &n);

	return ret ? ret : !n;
}

struct listing {
	skep_tc_filter_fn fn;
	void *ctx;
};

static int read_filter(const struct nlmsghdr *header, void *ctx)
{
	struct skep_tc_filter filter = { 0 };
	const struct listing *listing = ctx;
	uint32_t id;

	if (header->nlmsg_type != RTM_NEWTFILTER)
		return 0;
	read_place(header, &filter);
	id = program_of(header);
	return id ? listing->fn(&filter, id, listing->ctx) : 0;
}

int skep_netlink_filter_each(struct skep_netlink *nl, uint32_t ifindex, bool egress,
			     skep_tc_filter_fn fn, void *ctx)
{
	struct listing listing = { fn, ctx };

	return dump(nl, ifindex, egress, read_filter, &listing);
}
