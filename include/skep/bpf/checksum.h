/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/checksum.h - the checksum of IP, TCP, UDP and ICMP, kept right when a field changes
 * (RFC 1624). Fields and sums are as they are in the packet: no byte order needs to be changed.
 *
 *	skep_csum_replace32(&ip->checksum, ip->dst, address);	the header's own
 *	skep_csum_replace32(&tcp->checksum, ip->dst, address);	it is in the pseudo header too
 *	ip->dst = address;
 *
 * Of skbs, use bpf_l3_csum_replace() and bpf_l4_csum_replace(): cards may have the sum's rest to
 *do.
 */
#ifndef SKEP_BPF_CHECKSUM_H
#define SKEP_BPF_CHECKSUM_H

#include <skep/bpf/cursor.h>
#include <skep/bpf/endian.h>
#include <skep/bpf/net_headers.h>

/* A sum of 16-bit words, as of bpf_csum_diff(), as it stands in a header. */
SKEP_PACKET_FN __sum16 skep_csum_fold(__u64 sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (__sum16)~sum;
}

/* Adds what bpf_csum_diff() found between what was and what is. */
SKEP_PACKET_FN void skep_csum_add(__sum16 *checksum, __u64 difference)
{
	*checksum = skep_csum_fold((__u64)(__u16) ~*checksum + (difference & 0xffffffff));
}

SKEP_PACKET_FN void skep_csum_replace16(__sum16 *checksum, __be16 from, __be16 to)
{
	skep_csum_add(checksum, (__u64)(__u16)~from + to);
}

SKEP_PACKET_FN void skep_csum_replace32(__sum16 *checksum, __be32 from, __be32 to)
{
	__u64 old = (__u32)~from;

	skep_csum_add(checksum, (old & 0xffff) + (old >> 16) + (to & 0xffff) + (to >> 16));
}

/* The same in UDP: 0 means that there is none, and stays; a sum that is 0 is written as 0xffff. */
SKEP_PACKET_FN void skep_csum_replace32_udp(__sum16 *checksum, __be32 from, __be32 to)
{
	if (!*checksum)
		return;
	skep_csum_replace32(checksum, from, to);
	if (!*checksum)
		*checksum = 0xffff;
}

/* Of an IPv4 header without options, whatever its own checksum is. */
SKEP_PACKET_FN __sum16 skep_csum_ipv4(const struct skep_ipv4 *ip)
{
	const __u16 *word = (const __u16 *)ip;
	__u64 sum = 0;

#pragma unroll
	for (unsigned int i = 0; i < sizeof(*ip) / 2; i++)
		if (i != 5)
			sum += word[i];
	return skep_csum_fold(sum);
}

/* One hop less; false if there is none left. */
SKEP_PACKET_FN bool skep_ipv4_hop(struct skep_ipv4 *ip)
{
	if (ip->ttl <= 1)
		return false;
	skep_csum_replace16(&ip->checksum, bpf_htons(0x100), 0);
	ip->ttl--;
	return true;
}

#endif
