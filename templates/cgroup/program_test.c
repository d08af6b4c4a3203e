// SPDX-License-Identifier: MIT
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <netinet/in.h>

#include "check.h"

struct packet {
	struct ethhdr eth; /* taken off before the program sees it */
	struct iphdr ip;
	char rest[80];
} __attribute__((packed));

#define SEEN (sizeof(struct packet) - sizeof(struct ethhdr))

static int passes(struct PROJECT_bpf *skel, struct skep_error *err)
{
	struct packet p = { .rest = "" };
	struct skep_program_run run = { .size = sizeof(run),
					.data_in = &p,
					.data_in_len = sizeof(p) };

	p.eth.h_proto = htons(ETH_P_IP);
	p.ip.version = 4;
	p.ip.ihl = 5;
	return !skep_program_test_run(skel->programs.count, &run, err) && run.retval == 1;
}

void test(struct PROJECT_bpf *skel, struct skep_error *err)
{
	skel->data->limit = 2 * SEEN;
	if (PROJECT_bpf_load(skel, NULL, err))
		return;
	CHECK(passes(skel, err));
	CHECK(passes(skel, err));
	CHECK(!passes(skel, err));
	skel->data->limit = 3 * SEEN;
	CHECK(passes(skel, err));
	CHECK(skel->bss->sent == 3 * SEEN);
	CHECK(skel->bss->dropped == SEEN);
}
