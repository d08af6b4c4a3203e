/* SPDX-License-Identifier: MIT */
/* Routes whose packets go through programs. */
#ifndef SKEP_KERNEL_NETLINK_ROUTE_H
#define SKEP_KERNEL_NETLINK_ROUTE_H

#include <stdbool.h>
#include <stdint.h>

struct skep_netlink;

struct skep_route {
	uint8_t family; /* AF_INET or AF_INET6: what the addresses are */
	uint8_t destination[16], prefix;
	uint8_t gateway[16];
	bool has_gateway, is_local;
	uint32_t ifindex, table, metric; /* table 0: the main one */
};

/* What a route does with a packet. */
struct skep_route_program {
	uint32_t type; /* BPF_PROG_TYPE_LWT_* */
	int fd;
	const char *name;
	uint32_t headroom; /* LWT_XMIT */
};

/* -EEXIST when there is such a route. */
int skep_netlink_route_add(struct skep_netlink *nl, const struct skep_route *route,
			   const struct skep_route_program *program);
int skep_netlink_route_delete(struct skep_netlink *nl, const struct skep_route *route);

#endif
