// SPDX-License-Identifier: MIT
/* skep/bpf/packet.h takes packets apart: each layer, and whatever may be wrong in it. */
#include "kernel/packet_support.h"

#include <arpa/inet.h>

enum { TCP = 6, UDP = 17, ICMP = 1, ICMPV6 = 58 };

static const uint8_t tcp_options[] = { 1, 1, 2, 4, 0x05, 0xb4, 3, 3, 7, 1, 4, 2 };

static void ipv4_is_found(const struct parsed *p, unsigned int l3, unsigned int l4)
{
	assert_int_equal(p->eth_type, 0x0800);
	assert_int_equal(p->ip, 4);
	assert_int_equal(p->l3, l3);
	assert_int_equal(p->l4, l4);
	assert_int_equal(p->ttl, 64);
	assert_int_equal(p->tos, 0x10);
	assert_int_equal(p->fragment, 0);
	assert_int_equal(p->src[0], htonl(0x0a000001));
	assert_int_equal(p->dst[0], htonl(0x0a000002));
}

static void ipv6_is_found(const struct parsed *p, unsigned int l3, unsigned int l4)
{
	assert_int_equal(p->eth_type, 0x86dd);
	assert_int_equal(p->ip, 6);
	assert_int_equal(p->l3, l3);
	assert_int_equal(p->l4, l4);
	assert_int_equal(p->ttl, 63);
	assert_int_equal(p->tos, 0x12);
	for (uint32_t i = 0; i < 4; i++) {
		assert_int_equal(p->src[i], htonl(0x20010db8 + i));
		assert_int_equal(p->dst[i], htonl(0x20010db8 + 4 + i));
	}
}

static void ports_are(const struct parsed *p, unsigned int protocol, unsigned int port)
{
	assert_int_equal(p->protocol, protocol);
	assert_int_equal(p->src_port, 40000);
	assert_int_equal(p->dst_port, port);
}

/* Cut anywhere it is short, and nothing is found behind the cut; whole it is what it was. */
static void each_part_is_short(const struct packet *p, size_t headers)
{
	struct found whole = parse(p), found;

	assert_int_equal(whole.outer_result, PARSED);
	for (size_t len = 14; len < headers; len++) {
		parse_part(p, len, &found);
		assert_int_equal(found.outer_result, SHORT);
		assert_true(found.outer.payload <= len && found.outer.l4 <= len);
		assert_int_equal(found.inner_result, -1);
	}
	for (size_t len = headers; len <= p->len; len++) {
		parse_part(p, len, &found);
		assert_int_equal(found.outer_result, PARSED);
		assert_memory_equal(&found.outer, &whole.outer, sizeof(found.outer));
	}
}

static void tcp_with_options_of_both_layers(void **state)
{
	struct packet p = { 0 };
	struct found found;

	(void)state;
	NEED_BPF();
	put_eth(&p, 0x0800);
	put_ipv4(&p, TCP, 12, 32 + 5);
	put_tcp(&p, tcp_options, sizeof(tcp_options));
	put(&p, "hello", 5);
	found = parse(&p);
	assert_int_equal(found.outer_result, PARSED);
	ipv4_is_found(&found.outer, 14, 46);
	ports_are(&found.outer, TCP, 443);
	assert_int_equal(found.outer.tcp_flags, 0x12);
	assert_int_equal(found.outer.length, 32 + 32 + 5);
	assert_int_equal(found.outer.payload, p.len - 5);
	assert_int_equal(found.mss, 1460);
	assert_int_equal(found.tunnel_result, UNKNOWN);
	each_part_is_short(&p, p.len - 5);
}

static void tags_of_vlans_are_passed(void **state)
{
	struct packet one = { 0 }, two = { 0 };
	struct found found;

	(void)state;
	NEED_BPF();
	put_eth(&one, 0x8100);
	put16(&one, 0x6064);
	put16(&one, 0x0800);
	put_ipv4(&one, UDP, 0, 8);
	put_udp(&one, 53, 0);
	found = parse(&one);
	assert_int_equal(found.outer_result, PARSED);
	ipv4_is_found(&found.outer, 18, 38);
	ports_are(&found.outer, UDP, 53);
	assert_int_equal(found.outer.vlans, 1);
	assert_int_equal(found.outer.vlan[0], 0x6064);
	assert_int_equal(found.outer.vlan[1], 0);
	each_part_is_short(&one, one.len);

	put_eth(&two, 0x88a8);
	put16(&two, 0x0001);
	put16(&two, 0x8100);
	put16(&two, 0x0fff);
	put16(&two, 0x86dd);
	put_ipv6(&two, UDP, 8);
	put_udp(&two, 53, 0);
	found = parse(&two);
	assert_int_equal(found.outer_result, PARSED);
	ipv6_is_found(&found.outer, 22, 62);
	ports_are(&found.outer, UDP, 53);
	assert_int_equal(found.outer.vlans, 2);
	assert_int_equal(found.outer.vlan[0], 1);
	assert_int_equal(found.outer.vlan[1], 0xfff);
	each_part_is_short(&two, two.len);
}

static void extension_headers_are_passed(void **state)
{
	struct packet p = { 0 };
	struct found found;

	(void)state;
	NEED_BPF();
	put_eth(&p, 0x86dd);
	put_ipv6(&p, 0, 8 + 24 + 12 + 8 + 8);
	put(&p, "\x2b\0\1\4\0\0\0\0", 8); /* hop by hop, then routing */
	put(&p, "\x33\2\0\0\0\0\0\0", 8); /* routing of 24 bytes, then AH */
	put_zeros(&p, 16);
	put(&p, "\x2c\1\0\0\0\0\0\1\0\0\0\2", 12); /* AH of 12 bytes, then a fragment */
	put(&p, "\x3a\xff\0\0\0\0\0\7", 8);	   /* the only one, then ICMPv6 */
	put(&p, "\x80\3\0\0\0\1\0\2", 8);
	found = parse(&p);
	assert_int_equal(found.outer_result, PARSED);
	ipv6_is_found(&found.outer, 14, 14 + 40 + 8 + 24 + 12 + 8);
	assert_int_equal(found.outer.protocol, ICMPV6);
	assert_int_equal(found.outer.icmp_type, 128);
	assert_int_equal(found.outer.icmp_code, 3);
	assert_int_equal(found.outer.fragment, 0);
	each_part_is_short(&p, p.len);
}

static void fragments_have_ports_only_in_the_first(void **state)
{
	struct packet first = { 0 }, later = { 0 }, six = { 0 };
	struct found found;

	(void)state;
	NEED_BPF();
	put_eth(&first, 0x0800);
	put_ipv4(&first, UDP, 0, 8);
	put_udp(&first, 53, 0);
	later = first;
	first.bytes[20] = 0x20;
	later.bytes[21] = 1;
	found = parse(&first);
	assert_int_equal(found.outer_result, PARSED);
	assert_int_equal(found.outer.fragment, FRAGMENT_MORE);
	ports_are(&found.outer, UDP, 53);
	found = parse(&later);
	assert_int_equal(found.outer_result, PARSED);
	assert_int_equal(found.outer.fragment, FRAGMENT_LATER);
	assert_int_equal(found.outer.dst_port, 0);
	assert_int_equal(found.tunnel_result, UNKNOWN);

	put_eth(&six, 0x86dd);
	put_ipv6(&six, 44, 16);
	put(&six, "\x3c\0\0\x11\0\0\0\7", 8); /* at 16, more; what follows is data */
	put(&six, "garbage!", 8);
	found = parse(&six);
	assert_int_equal(found.outer_result, PARSED);
	assert_int_equal(found.outer.fragment, FRAGMENT_LATER | FRAGMENT_MORE);
	assert_int_equal(found.outer.protocol, 60);
	assert_int_equal(found.outer.payload, 14 + 40 + 8);
}

static void arp_has_addresses(void **state)
{
	struct packet p = { 0 };
	struct found found;

	(void)state;
	NEED_BPF();
	put_eth(&p, 0x0806);
	put(&p, "\0\1\x08\0\6\4\0\1", 8);
	put(&p, "\2\0\0\0\0\2\xc0\xa8\0\1", 10);
	put(&p, "\0\0\0\0\0\0\xc0\xa8\0\2", 10);
	found = parse(&p);
	assert_int_equal(found.outer_result, PARSED);
	assert_int_equal(found.outer.ip, 0);
	assert_int_equal(found.outer.l3, 14);
	assert_int_equal(found.outer.src[0], htonl(0xc0a80001));
	assert_int_equal(found.outer.dst[0], htonl(0xc0a80002));
	each_part_is_short(&p, p.len);
	p.bytes[16] = 0x86;
	assert_int_equal(parse(&p).outer_result, UNKNOWN);
}

static void what_is_not_known_is_told(void **state)
{
	struct packet p = { 0 }, q = { 0 };
	struct found found;

	(void)state;
	NEED_BPF();
	put_eth(&p, 0x88cc);
	found = parse(&p);
	assert_int_equal(found.outer_result, UNKNOWN);
	assert_int_equal(found.outer.eth_type, 0x88cc);
	put_eth(&q, 0x0800);
	put_ipv4(&q, 89, 0, 0);
	found = parse(&q);
	assert_int_equal(found.outer_result, UNKNOWN);
	assert_int_equal(found.outer.protocol, 89);
	ipv4_is_found(&found.outer, 14, 34);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tcp_with_options_of_both_layers),
		cmocka_unit_test(tags_of_vlans_are_passed),
		cmocka_unit_test(extension_headers_are_passed),
		cmocka_unit_test(fragments_have_ports_only_in_the_first),
		cmocka_unit_test(arp_has_addresses),
		cmocka_unit_test(what_is_not_known_is_told),
	};

	return cmocka_run_group_tests(tests, packet_setup, packet_teardown);
}
