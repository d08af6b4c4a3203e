/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* skep/bpf/packet_ip.h - IPv4 with its options, IPv6 with its extension headers: see packet.h. */
#ifndef SKEP_BPF_PACKET_IP_H
#define SKEP_BPF_PACKET_IP_H

/* Extension headers that are followed; there are six kinds that a packet may have once each. */
#define SKEP_IPV6_EXTENSIONS 6

SKEP_PACKET_FN int skep_parse_ipv4(struct skep_cursor *c, struct skep_packet *p)
{
	struct skep_ipv4 copy, *ip;
	__u64 len, fragment;

	p->l3 = skep_offset(c);
	ip = skep_view(c, &copy);
	if (!ip)
		return SKEP_SHORT;
	len = (ip->version_ihl & 15) << 2;
	if (ip->version_ihl >> 4 != 4 || len < sizeof(*ip))
		return SKEP_MALFORMED;
	p->ip = 4;
	p->length = bpf_ntohs(ip->length);
	if (p->length < len)
		return SKEP_MALFORMED;
	fragment = bpf_ntohs(ip->fragment);
	p->fragment = ((fragment & 0x1fff) + 0x1fff) >> 13 | (fragment >> 13 & 1) << 1;
	p->protocol = ip->protocol;
	p->ttl = ip->ttl;
	p->tos = ip->tos;
	p->src4 = ip->src;
	p->dst4 = ip->dst;
	if (!skep_skip_below(c, len - sizeof(*ip), 64))
		return SKEP_SHORT;
	p->l4 = skep_offset(c);
	return SKEP_PARSED;
}

/* Hop-by-hop 0, routing 43, fragment 44, AH 51, destination 60; mobility 135, HIP 139, shim6 140.
 */
SKEP_PACKET_FN bool skep_is_extension(__u64 header)
{
	const __u64 low = 1ull << 0 | 1ull << 43 | 1ull << 44 | 1ull << 51 | 1ull << 60;
	const __u64 high = 1ull << (135 - 128) | 1ull << (139 - 128) | 1ull << (140 - 128);
	__u64 kinds = (low & -skep_is(header >> 6, 0)) | (high & -skep_is(header >> 6, 2));

	return kinds >> (header & 63) & 1;
}

/* Passes over one; @next is what it is, and then what follows. */
SKEP_PACKET_FN bool skep_pass_extension(struct skep_cursor *c, __u64 *next, __u64 *fragment)
{
	struct skep_ipv6_extension copy, *e = skep_view(c, &copy);
	__u64 of_fragment = skep_is(*next, SKEP_FRAGMENT), of_ah = skep_is(*next, SKEP_AH);
	__u64 more;

	if (!e)
		return false;
	/* Lengths are in words of eight bytes without the first, AH's in four without two. */
	more = ((__u64)e->len << 3) - (((__u64)e->len << 2) & -of_ah);
	*fragment |= bpf_ntohs(e->fragment) & -of_fragment;
	*next = e->next;
	return skep_skip_below(c, more & (of_fragment - 1), 2048);
}

SKEP_PACKET_FN int skep_parse_ipv6(struct skep_cursor *c, struct skep_packet *p)
{
	struct skep_ipv6 copy, *ip;
	__u64 next, fragment = 0;
	__u32 first;

	p->l3 = skep_offset(c);
	ip = skep_view(c, &copy);
	if (!ip)
		return SKEP_SHORT;
	first = bpf_ntohl(ip->version_class_flow);
	if (first >> 28 != 6)
		return SKEP_MALFORMED;
	p->ip = 6;
	p->length = bpf_ntohs(ip->length) + sizeof(*ip);
	p->ttl = ip->hop_limit;
	p->tos = first >> 20;
	__builtin_memcpy(p->src6, ip->src, sizeof(p->src6));
	__builtin_memcpy(p->dst6, ip->dst, sizeof(p->dst6));
	next = ip->next;
#pragma clang loop unroll(disable)
	for (int i = 0; i < SKEP_IPV6_EXTENSIONS; i++) {
		if (!skep_is_extension(next))
			break;
		if (!skep_pass_extension(c, &next, &fragment)) {
			p->protocol = next;
			return SKEP_SHORT;
		}
		/* What is behind a later fragment's header is no header. */
		if (fragment & 0xfff8)
			break;
	}
	p->protocol = next;
	p->fragment = ((fragment & 0xfff8) + 0xfff8) >> 16 | (fragment & 1) << 1;
	if (!(p->fragment & SKEP_FRAGMENT_LATER) && skep_is_extension(next))
		return SKEP_UNKNOWN;
	if (!skep_settle(c))
		return SKEP_SHORT;
	p->l4 = skep_offset(c);
	return SKEP_PARSED;
}

#endif
