/* SPDX-License-Identifier: MIT */
/* Packets that tests put together, and the program that takes them apart. */
#ifndef SKEP_TESTS_KERNEL_PACKET_SUPPORT_H
#define SKEP_TESTS_KERNEL_PACKET_SUPPORT_H

#include "kernel/support.h"

#define PACKET_MAX 512

struct packet {
	uint8_t bytes[PACKET_MAX];
	size_t len;
};

/* Layers, each put behind what is there. */
void put(struct packet *p, const void *bytes, size_t len);
void put8(struct packet *p, unsigned int value);
void put16(struct packet *p, unsigned int value);
void put32(struct packet *p, uint32_t value);
void put_zeros(struct packet *p, size_t len);
void put_eth(struct packet *p, unsigned int type);
void put_ipv4(struct packet *p, unsigned int protocol, size_t options, size_t behind);
void put_ipv6(struct packet *p, unsigned int next, size_t behind);
void put_tcp(struct packet *p, const void *options, size_t len);
void put_udp(struct packet *p, unsigned int port, size_t behind);

/* As struct skep_packet and struct skep_tunnel of skep/bpf/ are laid out. */
struct parsed {
	uint16_t eth_type;
	uint8_t vlans, ip;
	uint16_t vlan[2], l3, l4, payload, length;
	uint8_t protocol, ttl, tos, fragment;
	uint16_t src_port, dst_port;
	uint8_t tcp_flags, icmp_type, icmp_code, pad;
	uint32_t src[4], dst[4];
};

struct tunnel {
	uint8_t kind, has_id;
	uint16_t eth_type;
	uint32_t id;
};

enum { PARSED, UNKNOWN, SHORT, MALFORMED };
enum { FRAGMENT_LATER = 1, FRAGMENT_MORE = 2 };
enum { TUNNEL_NONE, TUNNEL_IP, TUNNEL_GRE, TUNNEL_VXLAN, TUNNEL_GENEVE };

/* What the program found. */
struct found {
	struct parsed outer, inner;
	struct tunnel tunnel;
	int outer_result, tunnel_result, inner_result;
	uint16_t mss;
};

/* Of the first @len bytes of a packet; the same is found where they lie and in copies of them. */
void parse_part(const struct packet *p, size_t len, struct found *found);
struct found parse(const struct packet *p);

int packet_setup(void **state);
int packet_teardown(void **state);

struct skep_object *packet_object(void);

#endif
