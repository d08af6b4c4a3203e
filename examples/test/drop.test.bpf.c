// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* skep test drop.test.bpf.c */
#include "drop.bpf.c"

#include <skep/bpf/test.h>

struct short_packet {
	__u8 ethernet[14];
	__u8 payload[6];
};

SKEP_TEST_PACKET(short_packets_are_dropped, struct short_packet) = { .payload = { 1, 2, 3 } };
SKEP_TEST_RECORDS(short_packets_are_dropped, events, 1);

SKEP_TEST("xdp", short_packets_are_dropped, struct xdp_md *ctx)
{
	EXPECT_EQ(drop(ctx), XDP_DROP);
	EXPECT_EQ(dropped, 1);
}

SKEP_TEST_RECORD(short_packets_are_dropped, events, struct event *e)
{
	EXPECT_EQ(e->len, 20);
}

SKEP_TEST_RECORDS(others_pass, events, 0);

SKEP_TEST("xdp", others_pass, struct xdp_md *ctx)
{
	EXPECT_EQ(drop(ctx), XDP_PASS);
	EXPECT_EQ(dropped, 0);
}
