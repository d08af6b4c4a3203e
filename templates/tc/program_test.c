// SPDX-License-Identifier: MIT
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <netinet/in.h>

#include "check.h"

#define UNDECIDED 0xffffffffu

struct packet {
	struct ethhdr eth;
	struct iphdr ip;
	char rest[40];
} __attribute__((packed));

static void receive(struct PROJECT_bpf *skel, int kind, int protocol, struct skep_error *err)
{
	struct packet p = { .rest = "" };
	struct skep_program_run run = { .size = sizeof(run),
					.data_in = &p,
					.data_in_len = sizeof(p) };

	p.eth.h_proto = htons((unsigned short)kind);
	p.ip.version = 4;
	p.ip.ihl = 5;
	p.ip.protocol = (unsigned char)protocol;
	CHECK(!skep_program_test_run(skel->programs.count, &run, err));
	CHECK(run.retval == UNDECIDED);
}

void test(struct PROJECT_bpf *skel, struct skep_error *err)
{
	PROJECT_bpf_traffic_key udp = IPPROTO_UDP, icmp = IPPROTO_ICMP;
	PROJECT_bpf_traffic_value t = { 0, 0 };

	if (PROJECT_bpf_load(skel, NULL, err))
		return;
	receive(skel, ETH_P_IP, IPPROTO_UDP, err);
	receive(skel, ETH_P_IP, IPPROTO_UDP, err);
	receive(skel, ETH_P_IP, IPPROTO_TCP, err);
	receive(skel, ETH_P_ARP, 0, err);
	if (err->code)
		return;
	CHECK(!PROJECT_bpf_traffic_lookup(skel, &udp, &t, err));
	CHECK(t.packets == 2 && t.bytes == 2 * sizeof(struct packet));
	CHECK(PROJECT_bpf_traffic_lookup(skel, &icmp, &t, NULL) == -ENOENT);
}
