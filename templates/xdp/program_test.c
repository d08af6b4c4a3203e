// SPDX-License-Identifier: MIT
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <netinet/in.h>
#include <string.h>

#include "check.h"

#define PORT 9999

struct packet {
	struct ethhdr eth;
	struct iphdr ip;
	struct udphdr udp;
	char text[4];
} __attribute__((packed));

static struct packet udp_to(int port)
{
	struct packet p = { .text = "word" };

	p.eth.h_proto = htons(ETH_P_IP);
	p.ip.version = 4;
	p.ip.ihl = 5;
	p.ip.protocol = IPPROTO_UDP;
	p.udp.dest = htons((unsigned short)port);
	return p;
}

/* What the program says of the first @len bytes of a packet. */
static __u32 verdict(struct PROJECT_bpf *skel, const struct packet *p, size_t len,
		     struct skep_error *err)
{
	struct skep_program_run run = { .size = sizeof(run),
					.data_in = p,
					.data_in_len = (__u32)len };

	return skep_program_test_run(skel->programs.filter, &run, err) ? XDP_ABORTED : run.retval;
}

void test(struct PROJECT_bpf *skel, struct skep_error *err)
{
	const struct packet wanted = udp_to(PORT + 1), unwanted = udp_to(PORT);
	const __u32 dropped = XDP_DROP;
	struct packet tcp = unwanted;
	uint64_t count = 0;

	tcp.ip.protocol = IPPROTO_TCP;
	skel->rodata->port = PORT;
	if (PROJECT_bpf_load(skel, NULL, err))
		return;
	CHECK(verdict(skel, &wanted, sizeof(wanted), err) == XDP_PASS);
	CHECK(verdict(skel, &unwanted, sizeof(unwanted), err) == XDP_DROP);
	CHECK(verdict(skel, &tcp, sizeof(tcp), err) == XDP_PASS);
	CHECK(verdict(skel, &unwanted, sizeof(unwanted) - 10, err) == XDP_PASS);
	CHECK(!skep_map_sum(skel->maps.packets, &dropped, &count, 1, err) && count == 1);
}
