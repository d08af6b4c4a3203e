/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/net_headers.h - protocol headers as they are on the wire: what is __be16 or __be32 is in
 * the byte order of the network (skep/bpf/endian.h). The names are skep's own, so that the system's
 * headers and vmlinux.h may be there too; the layouts are the same as those of struct iphdr and so
 * on.
 */
#ifndef SKEP_BPF_NET_HEADERS_H
#define SKEP_BPF_NET_HEADERS_H

#include <skep/bpf/types.h>

struct skep_eth {
	__u8 dst[6], src[6];
	__be16 type;
};

struct skep_vlan {
	__be16 tci;
	__be16 type; /* of what follows */
};

/* Of Ethernet and IPv4. */
struct skep_arp {
	__be16 hardware, protocol;
	__u8 hardware_len, protocol_len;
	__be16 operation; /* 1 asks, 2 answers */
	__u8 sender_mac[6], sender_ip[4], target_mac[6], target_ip[4];
};

struct skep_ipv4 {
	__u8 version_ihl, tos;
	__be16 length, id, fragment;
	__u8 ttl, protocol;
	__sum16 checksum;
	__be32 src, dst;
};

struct skep_ipv6 {
	__be32 version_class_flow;
	__be16 length; /* of all behind this header */
	__u8 next, hop_limit;
	__be32 src[4], dst[4];
};

/* The first eight bytes of any; @fragment is of a fragment header only. */
struct skep_ipv6_extension {
	__u8 next, len;
	__be16 fragment;
	__be32 more;
};

struct skep_tcp {
	__be16 src, dst;
	__be32 seq, ack;
	__u8 offset; /* of the data in the upper half, in words of four bytes */
	__u8 flags;
	__be16 window;
	__sum16 checksum;
	__be16 urgent;
};

struct skep_udp {
	__be16 src, dst, length;
	__sum16 checksum;
};

/* Of ICMP and ICMPv6 */
struct skep_icmp {
	__u8 type, code;
	__sum16 checksum;
	__be16 id, sequence; /* of echoes */
};

struct skep_gre {
	__be16 flags, protocol;
};

struct skep_vxlan {
	__be32 flags, vni; /* the network is in the upper 24 bits */
};

struct skep_geneve {
	__u8 options; /* words of four bytes, in the lower six bits */
	__u8 flags;
	__be16 protocol;
	__be32 vni;
};

enum skep_eth_type {
	SKEP_ETH_IPV4 = 0x0800,
	SKEP_ETH_ARP = 0x0806,
	SKEP_ETH_TEB = 0x6558, /* an Ethernet frame in a tunnel */
	SKEP_ETH_VLAN = 0x8100,
	SKEP_ETH_IPV6 = 0x86dd,
	SKEP_ETH_QINQ = 0x88a8,
};

enum skep_protocol {
	SKEP_ICMP = 1,
	SKEP_IPIP = 4,
	SKEP_TCP = 6,
	SKEP_UDP = 17,
	SKEP_IPV6_IN_IP = 41,
	SKEP_FRAGMENT = 44,
	SKEP_GRE = 47,
	SKEP_AH = 51,
	SKEP_ICMPV6 = 58,
	SKEP_NO_NEXT = 59,
	SKEP_SCTP = 132,
	SKEP_UDP_LITE = 136,
};

enum skep_tcp_flag {
	SKEP_TCP_FIN = 1,
	SKEP_TCP_SYN = 2,
	SKEP_TCP_RST = 4,
	SKEP_TCP_PSH = 8,
	SKEP_TCP_ACK = 16,
	SKEP_TCP_URG = 32,
	SKEP_TCP_ECE = 64,
	SKEP_TCP_CWR = 128,
};

enum skep_tcp_option_kind {
	SKEP_TCP_END = 0,
	SKEP_TCP_NOP = 1,
	SKEP_TCP_MSS = 2,
	SKEP_TCP_WINDOW_SCALE = 3,
	SKEP_TCP_SACK_PERMITTED = 4,
	SKEP_TCP_TIMESTAMP = 8,
};

#endif
