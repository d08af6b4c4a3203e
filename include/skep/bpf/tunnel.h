/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/tunnel.h - the packet inside a packet: IPIP, IPv6 in IP, GRE, VXLAN, Geneve.
 *
 *	struct skep_tunnel t;
 *	struct skep_packet inner;
 *
 *	skep_parse(&c, &outer);
 *	if (skep_enter_tunnel(&c, &outer, &t) == SKEP_PARSED)
 *		skep_parse_inner(&c, &t, &inner);
 */
#ifndef SKEP_BPF_TUNNEL_H
#define SKEP_BPF_TUNNEL_H

#include <skep/bpf/packet.h>

#define SKEP_VXLAN_PORT	    4789
#define SKEP_VXLAN_OLD_PORT 8472 /* Linux's own, from before there was a number */
#define SKEP_GENEVE_PORT    6081

enum skep_tunnel_kind {
	SKEP_TUNNEL_NONE,
	SKEP_TUNNEL_IP,
	SKEP_TUNNEL_GRE,
	SKEP_TUNNEL_VXLAN,
	SKEP_TUNNEL_GENEVE
};

struct skep_tunnel {
	__u8 kind;
	__u8 has_id;
	__u16 eth_type; /* of what is inside: SKEP_ETH_IPV4, SKEP_ETH_IPV6, SKEP_ETH_TEB, ... */
	__u32 id;	/* VNI of VXLAN and Geneve, key of GRE; the host's order */
};

SKEP_PACKET_FN int skep_enter_gre(struct skep_cursor *c, struct skep_tunnel *t)
{
	struct skep_gre copy, *gre = skep_view(c, &copy);
	__u64 flags, checksum, key, sequence;
	__be32 id_copy, *id;

	if (!gre)
		return SKEP_SHORT;
	flags = bpf_ntohs(gre->flags);
	t->kind = SKEP_TUNNEL_GRE;
	t->eth_type = bpf_ntohs(gre->protocol);
	/* Version 1 is PPTP's; bit 14 is a source route, which nobody sends. */
	if (flags & 0x4007)
		return SKEP_UNKNOWN;
	checksum = flags >> 15 & 1;
	key = flags >> 13 & 1;
	sequence = flags >> 12 & 1;
	if (!skep_skip_below(c, checksum << 2, 8))
		return SKEP_SHORT;
	if (key) {
		id = skep_view(c, &id_copy);
		if (!id)
			return SKEP_SHORT;
		t->has_id = 1;
		t->id = bpf_ntohl(*id);
	}
	return skep_skip_below(c, sequence << 2, 8) ? SKEP_PARSED : SKEP_SHORT;
}

SKEP_PACKET_FN int skep_enter_vxlan(struct skep_cursor *c, struct skep_tunnel *t)
{
	struct skep_vxlan copy, *vxlan = skep_view(c, &copy);

	if (!vxlan)
		return SKEP_SHORT;
	t->kind = SKEP_TUNNEL_VXLAN;
	t->eth_type = SKEP_ETH_TEB;
	t->has_id = bpf_ntohl(vxlan->flags) >> 27 & 1;
	t->id = bpf_ntohl(vxlan->vni) >> 8;
	return t->has_id ? SKEP_PARSED : SKEP_MALFORMED;
}

SKEP_PACKET_FN int skep_enter_geneve(struct skep_cursor *c, struct skep_tunnel *t)
{
	struct skep_geneve copy, *geneve = skep_view(c, &copy);

	if (!geneve)
		return SKEP_SHORT;
	t->kind = SKEP_TUNNEL_GENEVE;
	t->eth_type = bpf_ntohs(geneve->protocol);
	t->has_id = 1;
	t->id = bpf_ntohl(geneve->vni) >> 8;
	if (geneve->options >> 6)
		return SKEP_UNKNOWN;
	return skep_skip_below(c, (geneve->options & 63) << 2, 256) ? SKEP_PARSED : SKEP_SHORT;
}

/*
 * Goes into the tunnel that a parsed packet is: SKEP_PARSED, and the cursor is at what is inside,
 * or SKEP_UNKNOWN if the packet is none, SKEP_SHORT or SKEP_MALFORMED. UDP is told by its port.
 */
SKEP_PACKET_FN int skep_enter_tunnel(struct skep_cursor *c, const struct skep_packet *outer,
				     struct skep_tunnel *t)
{
	__builtin_memset(t, 0, sizeof(*t));
	if (outer->fragment & SKEP_FRAGMENT_LATER || !outer->l4 || !skep_settle(c))
		return SKEP_UNKNOWN;
	switch (outer->protocol) {
	case SKEP_IPIP:
		t->kind = SKEP_TUNNEL_IP;
		t->eth_type = SKEP_ETH_IPV4;
		return SKEP_PARSED;
	case SKEP_IPV6_IN_IP:
		t->kind = SKEP_TUNNEL_IP;
		t->eth_type = SKEP_ETH_IPV6;
		return SKEP_PARSED;
	case SKEP_GRE:
		return skep_enter_gre(c, t);
	case SKEP_UDP:
		if (outer->dst_port == SKEP_VXLAN_PORT || outer->dst_port == SKEP_VXLAN_OLD_PORT)
			return skep_enter_vxlan(c, t);
		if (outer->dst_port == SKEP_GENEVE_PORT)
			return skep_enter_geneve(c, t);
		return SKEP_UNKNOWN;
	default:
		return SKEP_UNKNOWN;
	}
}

/* What is inside, as skep_parse() does; offsets count from the beginning of the outer packet. */
SKEP_PACKET_FN int skep_parse_inner(struct skep_cursor *c, const struct skep_tunnel *t,
				    struct skep_packet *inner)
{
	int result = SKEP_PARSED;

	__builtin_memset(inner, 0, sizeof(*inner));
	if (!skep_settle(c))
		return SKEP_SHORT;
	inner->eth_type = t->eth_type;
	if (t->eth_type == SKEP_ETH_TEB)
		result = skep_parse_eth(c, inner);
	if (result == SKEP_PARSED)
		result = skep_parse_l3(c, inner);
	inner->payload = skep_offset(c);
	return result;
}

#endif
