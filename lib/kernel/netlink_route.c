// SPDX-License-Identifier: MIT
#include "kernel/netlink_route.h"

#include <linux/bpf.h>
#include <linux/lwtunnel.h>
#include <linux/seg6_local.h>
#include <sys/socket.h>

#include "kernel/netlink.h"

static void begin(struct skep_netlink_request *req, uint16_t type, uint16_t flags,
		  const struct skep_route *route)
{
	size_t len = route->family == AF_INET6 ? 16 : 4;
	const struct rtmsg header = { .rtm_family = route->family,
				      .rtm_dst_len = route->prefix,
				      .rtm_protocol = RTPROT_STATIC,
				      .rtm_scope = route->is_local ? RT_SCOPE_HOST :
						   route->has_gateway || route->family == AF_INET6 ?
								     RT_SCOPE_UNIVERSE :
								     RT_SCOPE_LINK,
				      .rtm_type = route->is_local ? RTN_LOCAL : RTN_UNICAST };

	skep_netlink_begin(req, type, flags, &header, sizeof(header));
	skep_netlink_add(req, RTA_DST, route->destination, len);
	skep_netlink_add_u32(req, RTA_OIF, route->ifindex);
	skep_netlink_add_u32(req, RTA_TABLE, route->table ? route->table : RT_TABLE_MAIN);
	if (route->has_gateway)
		skep_netlink_add(req, RTA_GATEWAY, route->gateway, len);
	if (route->metric)
		skep_netlink_add_u32(req, RTA_PRIORITY, route->metric);
}

static void add_program(struct skep_netlink_request *req, const struct skep_route_program *program)
{
	static const uint16_t hooks[] = { [BPF_PROG_TYPE_LWT_IN] = LWT_BPF_IN,
					  [BPF_PROG_TYPE_LWT_OUT] = LWT_BPF_OUT,
					  [BPF_PROG_TYPE_LWT_XMIT] = LWT_BPF_XMIT };
	size_t hook = skep_netlink_nest(req, hooks[program->type]);

	skep_netlink_add_u32(req, LWT_BPF_PROG_FD, (uint32_t)program->fd);
	skep_netlink_add_name(req, LWT_BPF_PROG_NAME, program->name);
	skep_netlink_end(req, hook);
	if (program->headroom)
		skep_netlink_add_u32(req, LWT_BPF_XMIT_HEADROOM, program->headroom);
}

static void add_seg6(struct skep_netlink_request *req, const struct skep_route_program *program)
{
	size_t hook;

	skep_netlink_add_u32(req, SEG6_LOCAL_ACTION, SEG6_LOCAL_ACTION_END_BPF);
	hook = skep_netlink_nest(req, SEG6_LOCAL_BPF);
	skep_netlink_add_u32(req, SEG6_LOCAL_BPF_PROG, (uint32_t)program->fd);
	skep_netlink_add_name(req, SEG6_LOCAL_BPF_PROG_NAME, program->name);
	skep_netlink_end(req, hook);
}

int skep_netlink_route_add(struct skep_netlink *nl, const struct skep_route *route,
			   const struct skep_route_program *program)
{
	bool is_seg6 = program->type == BPF_PROG_TYPE_LWT_SEG6LOCAL;
	uint16_t kind = is_seg6 ? LWTUNNEL_ENCAP_SEG6_LOCAL : LWTUNNEL_ENCAP_BPF;
	struct skep_netlink_request req;
	size_t encap;

	begin(&req, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, route);
	skep_netlink_add(&req, RTA_ENCAP_TYPE, &kind, sizeof(kind));
	encap = skep_netlink_nest(&req, RTA_ENCAP);
	if (is_seg6)
		add_seg6(&req, program);
	else
		add_program(&req, program);
	skep_netlink_end(&req, encap);
	return skep_netlink_ask(nl, &req, NULL, NULL);
}

int skep_netlink_route_delete(struct skep_netlink *nl, const struct skep_route *route)
{
	struct skep_netlink_request req;

	begin(&req, RTM_DELROUTE, 0, route);
	return skep_netlink_ask(nl, &req, NULL, NULL);
}
