/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/packet.h - what a packet is: Ethernet with up to two VLAN tags, ARP, IPv4 with options,
 * IPv6 with extension headers, TCP, UDP, SCTP, ICMP.
 *
 *	struct skep_cursor c = SKEP_CURSOR(ctx);
 *	struct skep_packet p;
 *
 *	if (skep_parse(&c, &p) == SKEP_PARSED && p.protocol == SKEP_TCP && p.dst_port == 443)
 *
 * Packets are hostile: what is short, or says of itself what cannot be, is told. Whatever the
 * result is, all of the struct is set, and what could not be found is 0. The cursor then is behind
 * the last header that was understood: at the data, or in a tunnel's header (skep/bpf/tunnel.h). To
 * change a packet go to a header: skep_seek(&c, p.l3), then skep_take(&c, struct skep_ipv4).
 *
 * The verifiers of all kernels from 5.10 on take it. A packet inside another costs them a third of
 * their million steps, a packet a hundredth.
 */
#ifndef SKEP_BPF_PACKET_H
#define SKEP_BPF_PACKET_H

#include <skep/bpf/cursor.h>
#include <skep/bpf/endian.h>
#include <skep/bpf/net_headers.h>

enum skep_parsed {
	SKEP_PARSED,	/* down to ports, or to ARP's or a later fragment's end */
	SKEP_UNKNOWN,	/* a protocol that is not known follows: eth_type or protocol says which */
	SKEP_SHORT,	/* the packet ends in a header, or is not in one piece */
	SKEP_MALFORMED, /* a version or a length that cannot be */
};

enum skep_fragment {
	SKEP_FRAGMENT_LATER = 1, /* not the first: no ports */
	SKEP_FRAGMENT_MORE = 2,	 /* not the last */
};

/* Numbers are the host's, addresses the network's. */
struct skep_packet {
	__u16 eth_type; /* behind the tags, or of what was in a tunnel */
	__u8 vlans;	/* tags: 0, 1, 2 */
	__u8 ip;	/* version: 4, 6, or 0 */
	__u16 vlan[2];	/* each whole: priority and id (& 0xfff), the outer first */
	__u16 l3, l4;	/* offsets of headers from the beginning, 0 if there is none */
	__u16 payload;	/* of what is behind the last header that was understood */
	__u16 length;	/* of IP with its header, as the packet says */
	__u8 protocol;	/* behind IP and its extensions */
	__u8 ttl, tos;	/* hop limit and traffic class of IPv6 */
	__u8 fragment;	/* enum skep_fragment */
	__u16 src_port, dst_port;
	__u8 tcp_flags;
	__u8 icmp_type, icmp_code;
	__u8 pad_;
	union {
		__be32 src4; /* of ARP: the sender's */
		__be32 src6[4];
	};
	union {
		__be32 dst4;
		__be32 dst6[4];
	};
};

#include <skep/bpf/packet_ip.h>
#include <skep/bpf/packet_l4.h>

/* Ethernet and its tags; the type that follows is in p->eth_type. */
SKEP_PACKET_FN int skep_parse_eth(struct skep_cursor *c, struct skep_packet *p)
{
	struct skep_eth copy, *eth = skep_view(c, &copy);
	struct skep_vlan tags[2], *tag;
	__u64 type, tagged, twice, next;

	if (!eth)
		return SKEP_SHORT;
	type = bpf_ntohs(eth->type);
	tagged = skep_is(type, SKEP_ETH_VLAN) | skep_is(type, SKEP_ETH_QINQ);
	p->eth_type = type;
	/* Both tags are looked at at once; what follows one is never shorter than the other. */
	tag = skep_peek_bytes(c, tags, sizeof(tags));
	if (!tag)
		return tagged || type == SKEP_ETH_IPV4 || type == SKEP_ETH_IPV6 ||
				       type == SKEP_ETH_ARP ?
			       SKEP_SHORT :
			       SKEP_PARSED;
	next = bpf_ntohs(tag[0].type);
	twice = tagged & (skep_is(next, SKEP_ETH_VLAN) | skep_is(next, SKEP_ETH_QINQ));
	p->vlans = tagged + twice;
	p->vlan[0] = bpf_ntohs(tag[0].tci) & -tagged;
	p->vlan[1] = bpf_ntohs(tag[1].tci) & -twice;
	type = skep_pick(tagged, next, type);
	p->eth_type = skep_pick(twice, bpf_ntohs(tag[1].type), type);
	return skep_skip_below(c, (tagged + twice) << 2, 16) ? SKEP_PARSED : SKEP_SHORT;
}

SKEP_PACKET_FN int skep_parse_arp(struct skep_cursor *c, struct skep_packet *p)
{
	struct skep_arp copy, *arp;

	p->l3 = skep_offset(c);
	arp = skep_view(c, &copy);
	if (!arp)
		return SKEP_SHORT;
	if (bpf_ntohs(arp->protocol) != SKEP_ETH_IPV4 || arp->protocol_len != 4)
		return SKEP_UNKNOWN;
	__builtin_memcpy(&p->src4, arp->sender_ip, 4);
	__builtin_memcpy(&p->dst4, arp->target_ip, 4);
	return SKEP_PARSED;
}

SKEP_PACKET_FN int skep_parse_l3(struct skep_cursor *c, struct skep_packet *p)
{
	int result;

	switch (p->eth_type) {
	case SKEP_ETH_IPV4:
		result = skep_parse_ipv4(c, p);
		break;
	case SKEP_ETH_IPV6:
		result = skep_parse_ipv6(c, p);
		break;
	case SKEP_ETH_ARP:
		return skep_parse_arp(c, p);
	default:
		return SKEP_UNKNOWN;
	}
	if (result != SKEP_PARSED || p->fragment & SKEP_FRAGMENT_LATER)
		return result;
	return skep_parse_l4(c, p);
}

/* From an Ethernet header on. */
SKEP_PACKET_FN int skep_parse(struct skep_cursor *c, struct skep_packet *p)
{
	int result;

	__builtin_memset(p, 0, sizeof(*p));
	result = skep_parse_eth(c, p);
	if (result == SKEP_PARSED)
		result = skep_parse_l3(c, p);
	p->payload = skep_offset(c);
	return result;
}

/*
 * From an IP header on, as in cgroup_skb, lwt, sk_msg and tunnels without Ethernet: @eth_type is
 * SKEP_ETH_IPV4 or SKEP_ETH_IPV6, or bpf_ntohs(skb->protocol).
 */
SKEP_PACKET_FN int skep_parse_ip(struct skep_cursor *c, __u16 eth_type, struct skep_packet *p)
{
	int result;

	__builtin_memset(p, 0, sizeof(*p));
	p->eth_type = eth_type;
	result = skep_parse_l3(c, p);
	p->payload = skep_offset(c);
	return result;
}

#endif
