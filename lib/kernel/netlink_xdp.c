// SPDX-License-Identifier: MIT
#include "kernel/netlink_xdp.h"

#include <errno.h>
#include <linux/if_link.h>
#include <sys/socket.h>

#include "kernel/netlink.h"

static void begin(struct skep_netlink_request *req, uint16_t type, uint32_t ifindex)
{
	const struct ifinfomsg info = { .ifi_family = AF_UNSPEC, .ifi_index = (int)ifindex };

	skep_netlink_begin(req, type, 0, &info, sizeof(info));
}

/* One program has its id in IFLA_XDP_PROG_ID, and each mode has its own attribute since 4.19. */
static int read_state(const struct nlmsghdr *header, void *ctx)
{
	static const uint16_t by_mode[] = { [XDP_ATTACHED_DRV] = IFLA_XDP_DRV_PROG_ID,
					    [XDP_ATTACHED_SKB] = IFLA_XDP_SKB_PROG_ID,
					    [XDP_ATTACHED_HW] = IFLA_XDP_HW_PROG_ID };
	struct skep_xdp_state *state = ctx;
	const struct rtattr *xdp, *attached;

	if (header->nlmsg_type != RTM_NEWLINK)
		return 0;
	xdp = skep_netlink_find(header, sizeof(struct ifinfomsg), IFLA_XDP);
	attached = skep_netlink_find_in(xdp, IFLA_XDP_ATTACHED);
	state->prog_id = skep_netlink_u32(skep_netlink_find_in(xdp, IFLA_XDP_PROG_ID));
	if (attached && RTA_PAYLOAD(attached)) {
		uint8_t mode = *(const uint8_t *)RTA_DATA(attached);

		if (mode >= XDP_ATTACHED_DRV && mode <= XDP_ATTACHED_HW)
			state->prog_ids[mode] = state->prog_id;
	}
	for (int mode = XDP_ATTACHED_DRV; mode <= XDP_ATTACHED_HW; mode++) {
		uint32_t id = skep_netlink_u32(skep_netlink_find_in(xdp, by_mode[mode]));

		state->prog_ids[mode] = id ? id : state->prog_ids[mode];
		state->prog_id = state->prog_id ? state->prog_id : id;
	}
	return 0;
}

int skep_netlink_xdp_query(struct skep_netlink *nl, uint32_t ifindex, struct skep_xdp_state *state)
{
	struct skep_netlink_request req;

	*state = (struct skep_xdp_state){ 0 };
	begin(&req, RTM_GETLINK, ifindex);
	return skep_netlink_ask(nl, &req, read_state, state);
}

int skep_netlink_xdp_set(struct skep_netlink *nl, uint32_t ifindex, int fd, int expected_fd,
			 uint32_t flags)
{
	struct skep_netlink_request req;
	size_t xdp;

	begin(&req, RTM_SETLINK, ifindex);
	xdp = skep_netlink_nest(&req, IFLA_XDP);
	skep_netlink_add_u32(&req, IFLA_XDP_FD, (uint32_t)fd);
	skep_netlink_add_u32(&req, IFLA_XDP_FLAGS, flags);
	if (flags & XDP_FLAGS_REPLACE)
		skep_netlink_add_u32(&req, IFLA_XDP_EXPECTED_FD, (uint32_t)expected_fd);
	skep_netlink_end(&req, xdp);
	return skep_netlink_ask(nl, &req, NULL, NULL);
}
