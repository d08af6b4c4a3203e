/* SPDX-License-Identifier: MIT */
/* What runs as XDP on a network interface, and changing it. */
#ifndef SKEP_KERNEL_NETLINK_XDP_H
#define SKEP_KERNEL_NETLINK_XDP_H

#include <stddef.h>
#include <stdint.h>

struct skep_netlink;

struct skep_xdp_state {
	uint32_t prog_id;     /* in whatever mode; 0: none */
	uint32_t prog_ids[4]; /* by mode, XDP_ATTACHED_DRV, _SKB, _HW of linux/if_link.h */
};

/* What is attached to the interface, or -errno (-ENODEV). */
int skep_netlink_xdp_query(struct skep_netlink *nl, uint32_t ifindex, struct skep_xdp_state *state);

/*
 * Sets the program of an interface: @fd -1 takes it away. With XDP_FLAGS_REPLACE in @flags only if
 * the present one is that of @expected_fd (5.7).
 */
int skep_netlink_xdp_set(struct skep_netlink *nl, uint32_t ifindex, int fd, int expected_fd,
			 uint32_t flags);

#endif
