/* SPDX-License-Identifier: MIT */
/* Traffic control by netlink: the clsact qdisc of an interface, and filters that run programs. */
#ifndef SKEP_KERNEL_NETLINK_TC_H
#define SKEP_KERNEL_NETLINK_TC_H

#include <stdbool.h>
#include <stdint.h>

struct skep_netlink;

struct skep_tc_filter {
	uint32_t ifindex;
	uint32_t parent; /* 0: clsact's for the direction */
	bool is_egress;
	bool is_action; /* a matchall filter whose action is the program, instead of cls_bpf */
	uint32_t handle;
	uint16_t priority;
};

/* -EEXIST when there is one, or a qdisc `ingress` in its place. */
int skep_netlink_clsact_add(struct skep_netlink *nl, uint32_t ifindex);
int skep_netlink_clsact_delete(struct skep_netlink *nl, uint32_t ifindex);

/* 1 when it has no filter in either direction, 0 when it has, or -errno. */
int skep_netlink_clsact_is_empty(struct skep_netlink *nl, uint32_t ifindex);

/*
 * Adds a filter; -EEXIST when there is one, unless @replace. A handle or priority of 0 is chosen
 * by the kernel and written back.
 */
int skep_netlink_filter_add(struct skep_netlink *nl, struct skep_tc_filter *filter, int prog_fd,
			    const char *name, bool replace);
int skep_netlink_filter_delete(struct skep_netlink *nl, const struct skep_tc_filter *filter);

/* Gets each filter of a direction that runs a program. 0, or -ENOMEM to end. */
typedef int (*skep_tc_filter_fn)(const struct skep_tc_filter *filter, uint32_t prog_id, void *ctx);

int skep_netlink_filter_each(struct skep_netlink *nl, uint32_t ifindex, bool egress,
			     skep_tc_filter_fn fn, void *ctx);

/* The id of the program that it runs; -ENOENT when there is no such filter. */
int skep_netlink_filter_query(struct skep_netlink *nl, const struct skep_tc_filter *filter,
			      uint32_t *prog_id);

#endif
