/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* skep/bpf/packet_l4.h - TCP with its options, UDP, SCTP and ICMP: see packet.h. */
#ifndef SKEP_BPF_PACKET_L4_H
#define SKEP_BPF_PACKET_L4_H

/* Options of TCP that are looked at: 40 bytes hold 20 of two bytes. */
#define SKEP_TCP_OPTIONS 20

SKEP_PACKET_FN int skep_parse_tcp(struct skep_cursor *c, struct skep_packet *p)
{
	struct skep_tcp copy, *tcp = skep_view(c, &copy);
	__u64 len;

	if (!tcp)
		return SKEP_SHORT;
	len = tcp->offset >> 4 << 2;
	p->src_port = bpf_ntohs(tcp->src);
	p->dst_port = bpf_ntohs(tcp->dst);
	p->tcp_flags = tcp->flags;
	if (len < sizeof(*tcp))
		return SKEP_MALFORMED;
	return skep_skip_below(c, len - sizeof(*tcp), 64) ? SKEP_PARSED : SKEP_SHORT;
}

SKEP_PACKET_FN int skep_parse_l4(struct skep_cursor *c, struct skep_packet *p)
{
	struct skep_icmp icmp_copy, *icmp;
	struct skep_udp udp_copy, *udp;

	switch (p->protocol) {
	case SKEP_TCP:
		return skep_parse_tcp(c, p);
	case SKEP_UDP:
	case SKEP_UDP_LITE:
	case SKEP_SCTP:
		udp = skep_view(c, &udp_copy);
		if (!udp)
			return SKEP_SHORT;
		p->src_port = bpf_ntohs(udp->src);
		p->dst_port = bpf_ntohs(udp->dst);
		return SKEP_PARSED;
	case SKEP_ICMP:
	case SKEP_ICMPV6:
		icmp = skep_view(c, &icmp_copy);
		if (!icmp)
			return SKEP_SHORT;
		p->icmp_type = icmp->type;
		p->icmp_code = icmp->code;
		return SKEP_PARSED;
	default:
		return SKEP_UNKNOWN;
	}
}

/*
 * An option of a packet that has been parsed as TCP, from its kind on, @size bytes of it: NULL if
 * it has none of this kind, or of fewer bytes, or if the options make no sense. With SKEP_TCP_MSS
 * the value is bytes 2 and 3, of four. A cursor that copies needs @copy, @size bytes.
 */
SKEP_PACKET_FN __u8 *skep_view_tcp_option(const struct skep_cursor *c, const struct skep_packet *p,
					  __u8 kind, void *copy, __u64 size)
{
	struct skep_cursor at = *c, stop = *c;

	if (p->protocol != SKEP_TCP || !skep_seek(&stop, p->payload) ||
	    !skep_seek(&at, p->l4 + sizeof(struct skep_tcp)))
		return NULL;
#pragma clang loop unroll(disable)
	for (int i = 0; i < SKEP_TCP_OPTIONS; i++) {
		__u8 head[2], *option;
		__u64 nop, step;

		option = at.at < stop.at ? skep_peek_bytes(&at, head, sizeof(head)) : NULL;
		if (!option)
			return NULL;
		if (option[0] == kind)
			return option[1] >= size ? skep_peek_bytes(&at, copy, size) : NULL;
		nop = skep_is(option[0], SKEP_TCP_NOP);
		step = skep_pick(nop, 1, option[1]);
		/* The end of the list, or an option shorter than its own head. */
		if (option[0] == SKEP_TCP_END || step + nop < 2 || !skep_skip_below(&at, step, 256))
			return NULL;
	}
	return NULL;
}

/* The same in the packet itself. */
SKEP_PACKET_FN __u8 *skep_tcp_option(const struct skep_cursor *c, const struct skep_packet *p,
				     __u8 kind, __u64 size)
{
	return skep_view_tcp_option(c, p, kind, NULL, size);
}

#endif
