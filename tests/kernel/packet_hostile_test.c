// SPDX-License-Identifier: MIT
/* Packets in packets, packets that lie about themselves, and packets that are rewritten. */
#include "kernel/packet_support.h"

#include <arpa/inet.h>

enum { IPIP = 4, TCP = 6, UDP = 17, SIXINFOUR = 41, GRE = 47 };

static void put_inner(struct packet *p)
{
	put_ipv4(p, TCP, 0, 20);
	put_tcp(p, NULL, 0);
}

#define INNER 40

/* What is inside is found; cut anywhere in it or in the tunnel's header, it is short. */
static struct found goes_through(const struct packet *p, unsigned int kind, size_t outer_headers)
{
	struct found found = parse(p), cut;

	assert_int_equal(found.tunnel_result, PARSED);
	assert_int_equal(found.tunnel.kind, kind);
	assert_int_equal(found.inner_result, PARSED);
	assert_int_equal(found.inner.ip, 4);
	assert_int_equal(found.inner.protocol, TCP);
	assert_int_equal(found.inner.dst_port, 443);
	assert_int_equal(found.inner.payload, p->len);
	assert_int_equal(found.inner.l4, p->len - 20);
	for (size_t len = outer_headers; len < p->len; len++) {
		parse_part(p, len, &cut);
		assert_memory_equal(&cut.outer, &found.outer, sizeof(cut.outer));
		assert_true(cut.tunnel_result == SHORT || cut.inner_result == SHORT);
	}
	return found;
}

static void tunnels_of_ip_are_entered(void **state)
{
	struct packet p = { 0 }, six = { 0 };
	struct found found;

	(void)state;
	NEED_BPF();
	put_eth(&p, 0x0800);
	put_ipv4(&p, IPIP, 4, INNER);
	put_inner(&p);
	found = goes_through(&p, TUNNEL_IP, 38);
	assert_int_equal(found.outer.payload, 38);
	assert_int_equal(found.inner.l3, 38);

	put_eth(&six, 0x0800);
	put_ipv4(&six, SIXINFOUR, 0, 48);
	put_ipv6(&six, UDP, 8);
	put_udp(&six, 53, 0);
	found = parse(&six);
	assert_int_equal(found.tunnel_result, PARSED);
	assert_int_equal(found.inner_result, PARSED);
	assert_int_equal(found.inner.ip, 6);
	assert_int_equal(found.inner.l3, 34);
	assert_int_equal(found.inner.dst_port, 53);
}

static void tunnels_of_gre_are_entered(void **state)
{
	struct packet p = { 0 }, bare = { 0 };
	struct found found;

	(void)state;
	NEED_BPF();
	put_eth(&p, 0x86dd);
	put_ipv6(&p, GRE, 16 + INNER);
	put32(&p, 0xb0000800); /* checksum, key, sequence number; IPv4 */
	put32(&p, 0);
	put32(&p, 0xdeadbeef);
	put32(&p, 1);
	put_inner(&p);
	found = goes_through(&p, TUNNEL_GRE, 54);
	assert_int_equal(found.tunnel.has_id, 1);
	assert_int_equal(found.tunnel.id, 0xdeadbeef);

	put_eth(&bare, 0x0800);
	put_ipv4(&bare, GRE, 0, 4 + 14 + INNER);
	put32(&bare, 0x00006558); /* Ethernet inside */
	put_eth(&bare, 0x0800);
	put_inner(&bare);
	found = goes_through(&bare, TUNNEL_GRE, 34);
	assert_int_equal(found.tunnel.has_id, 0);
	assert_int_equal(found.inner.eth_type, 0x0800);
	bare.bytes[35] = 1; /* version 1 */
	assert_int_equal(parse(&bare).tunnel_result, UNKNOWN);
}

static void tunnels_over_udp_are_entered(void **state)
{
	struct packet vxlan = { 0 }, geneve = { 0 };
	struct found found;

	(void)state;
	NEED_BPF();
	put_eth(&vxlan, 0x0800);
	put_ipv4(&vxlan, UDP, 0, 8 + 8 + 18 + INNER);
	put_udp(&vxlan, 4789, 8 + 18 + INNER);
	put32(&vxlan, 0x08000000);
	put32(&vxlan, 0x12345600);
	put_eth(&vxlan, 0x8100);
	put32(&vxlan, 0x00070800); /* VLAN 7 */
	put_inner(&vxlan);
	found = goes_through(&vxlan, TUNNEL_VXLAN, 42);
	assert_int_equal(found.tunnel.id, 0x123456);
	assert_int_equal(found.inner.vlan[0], 7);
	vxlan.bytes[42] = 0;
	assert_int_equal(parse(&vxlan).tunnel_result, MALFORMED);

	put_eth(&geneve, 0x86dd);
	put_ipv6(&geneve, UDP, 8 + 16 + 14 + INNER);
	put_udp(&geneve, 6081, 16 + 14 + INNER);
	put32(&geneve, 0x02006558); /* two words of options */
	put32(&geneve, 0xabcdef00);
	put_zeros(&geneve, 8);
	put_eth(&geneve, 0x0800);
	put_inner(&geneve);
	found = goes_through(&geneve, TUNNEL_GENEVE, 62);
	assert_int_equal(found.tunnel.id, 0xabcdef);
	geneve.bytes[62] |= 0x40;
	assert_int_equal(parse(&geneve).tunnel_result, UNKNOWN);
}

static struct packet tcp_packet(const void *options, size_t len)
{
	struct packet p = { 0 };

	put_eth(&p, 0x0800);
	put_ipv4(&p, TCP, 0, 20 + len);
	put_tcp(&p, options, len);
	return p;
}

static int result_with(struct packet p, size_t at, uint8_t value)
{
	p.bytes[at] = value;
	return parse(&p).outer_result;
}

static void headers_that_lie_are_malformed(void **state)
{
	struct packet p = tcp_packet(NULL, 0), six = { 0 };

	(void)state;
	NEED_BPF();
	assert_int_equal(parse(&p).outer_result, PARSED);
	assert_int_equal(result_with(p, 14, 0x44), MALFORMED); /* a header of 16 bytes */
	assert_int_equal(result_with(p, 14, 0x40), MALFORMED);
	assert_int_equal(result_with(p, 14, 0x65), MALFORMED); /* version 6 */
	assert_int_equal(result_with(p, 14, 0x4f), MALFORMED); /* options beyond its length */
	assert_int_equal(result_with(p, 17, 19), MALFORMED);   /* shorter than its header */
	assert_int_equal(result_with(p, 46, 0x40), MALFORMED); /* TCP of 16 bytes */
	assert_int_equal(result_with(p, 46, 0xf0), SHORT);
	put_eth(&six, 0x86dd);
	put_ipv6(&six, UDP, 8);
	put_udp(&six, 53, 0);
	assert_int_equal(result_with(six, 14, 0x41), MALFORMED);
}

static void chains_of_extensions_end(void **state)
{
	struct packet p = { 0 };

	(void)state;
	NEED_BPF();
	put_eth(&p, 0x86dd);
	put_ipv6(&p, 60, 64);
	for (int i = 0; i < 8; i++)
		put(&p, "\x3c\0\1\4\0\0\0\0", 8); /* options for the destination, and again */
	assert_int_equal(parse(&p).outer_result, UNKNOWN);
	p.bytes[55] = 255; /* 2048 bytes of options */
	assert_int_equal(parse(&p).outer_result, SHORT);
}

static int mss_of(const void *options, size_t len)
{
	struct packet p = tcp_packet(options, len);

	put(&p, "data behind that looks like \2\4\1\1", 32);
	return parse(&p).mss;
}

static void options_that_lie_are_not_followed(void **state)
{
	static const uint8_t many[40] = {
		1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 9, 9
	};

	(void)state;
	NEED_BPF();
	assert_int_equal(mss_of("\2\4\5\xb4", 4), 1460);
	assert_int_equal(mss_of("\1\1\1\1\2\4\5\xb4", 8), 1460);
	assert_int_equal(mss_of(many, 40), 0x909);
	assert_int_equal(mss_of("\0\0\0\0\2\4\5\xb4", 8), 0); /* behind the end */
	assert_int_equal(mss_of("\3\0\0\0\2\4\5\xb4", 8), 0); /* of no bytes */
	assert_int_equal(mss_of("\3\1\0\0\2\4\5\xb4", 8), 0);
	assert_int_equal(mss_of("\2\3\5\xb4", 4), 0); /* too short for what it is */
	assert_int_equal(mss_of("\3\xff\0\0\2\4\5\xb4", 8), 0);
	assert_int_equal(mss_of("\1\1\1\1", 4), 0); /* what follows is data */
}

static uint32_t sum_words(const uint8_t *bytes, size_t len)
{
	uint32_t sum = 0;

	for (size_t i = 0; i + 1 < len; i += 2)
		sum += bytes[i] << 8 | bytes[i + 1];
	return sum;
}

static uint16_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* Of addresses, protocol and length, and all of UDP: all ones when its checksum is right. */
static uint16_t udp_sum(const struct packet *p)
{
	return fold(sum_words(p->bytes + 26, 8) + UDP + (p->len - 34) +
		    sum_words(p->bytes + 34, p->len - 34));
}

static void set_sum(struct packet *p, size_t at, uint16_t sum)
{
	p->bytes[at] = sum >> 8;
	p->bytes[at + 1] = sum;
}

static void checksums_stay_right_when_fields_change(void **state)
{
	struct packet p = { 0 }, out = { 0 };
	struct skep_program_run run = { .size = sizeof(run), .data_out = out.bytes };
	struct skep_error err = { 0 };

	(void)state;
	NEED_BPF();
	put_eth(&p, 0x0800);
	put_ipv4(&p, UDP, 0, 8 + 16);
	put_udp(&p, 53, 16);
	put(&p, "some data of it.", 16);
	set_sum(&p, 24, ~fold(sum_words(p.bytes + 14, 20)));
	set_sum(&p, 40, 0);
	set_sum(&p, 40, ~udp_sum(&p));
	assert_int_equal(udp_sum(&p), 0xffff);
	run.data_in = p.bytes;
	run.data_in_len = p.len;
	run.data_out_len = sizeof(out.bytes);
	assert_ok(
		!skep_program_test_run(skep_object_program(packet_object(), "rewrite"), &run, &err),
		&err);
	assert_int_equal(run.retval, 3);
	out.len = run.data_out_len;
	assert_int_equal(out.bytes[22], 63);
	assert_memory_equal(out.bytes + 30, "\x0a\x63\x63\x63", 4);
	assert_int_equal(fold(sum_words(out.bytes + 14, 20)), 0xffff);
	assert_int_equal(udp_sum(&out), 0xffff);
}

/* What another program makes of a packet. */
static const struct parsed *parsed_by(const char *program, struct packet *p)
{
	struct skep_program_run run = { .size = sizeof(run),
					.data_in = p->bytes,
					.data_in_len = p->len };
	struct skep_error err = { 0 };
	struct parsed *outer;
	size_t len;

	assert_ok(!skep_program_test_run(skep_object_program(packet_object(), program), &run, &err),
		  &err);
	outer = skep_object_global(packet_object(), "outer", &len, &err);
	assert_ok(outer, &err);
	return outer;
}

static void skbs_are_parsed_too(void **state)
{
	struct packet p = tcp_packet(NULL, 0);
	const struct parsed *outer;

	(void)state;
	NEED_BPF();
	outer = parsed_by("parse_skb", &p);
	assert_int_equal(outer->dst_port, 443);
	assert_int_equal(outer->payload, p.len);
}

/* They see a packet from its IP header on, and nothing of it but copies. */
static void socket_filters_parse_too(void **state)
{
	struct packet p = tcp_packet(NULL, 0);
	const struct parsed *outer;

	(void)state;
	NEED_BPF();
	outer = parsed_by("parse_in_filter", &p);
	assert_int_equal(outer->dst_port, 443);
	assert_int_equal(outer->l3, 0);
	assert_int_equal(outer->payload, p.len - 14);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tunnels_of_ip_are_entered),
		cmocka_unit_test(tunnels_of_gre_are_entered),
		cmocka_unit_test(tunnels_over_udp_are_entered),
		cmocka_unit_test(headers_that_lie_are_malformed),
		cmocka_unit_test(chains_of_extensions_end),
		cmocka_unit_test(options_that_lie_are_not_followed),
		cmocka_unit_test(checksums_stay_right_when_fields_change),
		cmocka_unit_test(skbs_are_parsed_too),
		cmocka_unit_test(socket_filters_parse_too),
	};

	return cmocka_run_group_tests(tests, packet_setup, packet_teardown);
}
