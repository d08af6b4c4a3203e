/* SPDX-License-Identifier: MIT */
/* Network interfaces through rtnetlink: what runs as XDP on one, and changing it. */
#ifndef SKEP_KERNEL_NETLINK_H
#define SKEP_KERNEL_NETLINK_H

#include <stdint.h>
#include <stddef.h>

struct skep_xdp_state {
	uint8_t attached; /* XDP_ATTACHED_* of linux/if_link.h */
	uint32_t prog_id; /* in whatever mode; 0: none */
};

/* What is attached to the interface, or -errno (-ENODEV). */
int skep_netlink_xdp_query(uint32_t ifindex, struct skep_xdp_state *state);

/*
 * Sets the program of an interface: @fd -1 takes it away. With XDP_FLAGS_REPLACE in @flags only if
 * the present one is that of @expected_fd (5.7). On failure the kernel's own words, if it has any,
 * are put into @message.
 */
int skep_netlink_xdp_set(uint32_t ifindex, int fd, int expected_fd, uint32_t flags, char *message,
			 size_t size);

#endif
