// SPDX-License-Identifier: MIT
/* The user side of lru_percpu_hash.bpf.c: a flow that goes on, and many of a single packet. */
#include "../../example.h"
#include "../../cpu.h"
#include "lru_percpu_hash.skel.h"

/* A UDP packet of 50 bytes from 10.0.0.1, port @from, to port 53. */
static int receive(struct lru_percpu_hash_bpf *skel, uint16_t from, struct skep_error *err)
{
	uint8_t packet[64] = { [12] = 8,
			       [14] = 0x45,
			       [17] = 50,
			       [23] = IPPROTO_UDP,
			       [26] = 10,
			       [29] = 1,
			       [34] = (uint8_t)(from >> 8),
			       (uint8_t)from,
			       0,
			       53,
			       [39] = 30 };
	struct skep_program_run run = { .size = sizeof(run),
					.data_in = packet,
					.data_in_len = sizeof(packet) };

	return skep_program_test_run(skel->programs.count, &run, err);
}

static int watch(struct lru_percpu_hash_bpf *skel, struct skep_error *err)
{
	const lru_percpu_hash_bpf_flows_key busy = { htonl(0x0a000001), 1024, 53 };
	struct skep_map_usage usage = { .size = sizeof(usage) };
	uint64_t traffic[2];

	for (uint16_t i = 0; i < 1000; i++) {
		if (i == 500)
			example_move_to_cpu(1);
		if (receive(skel, 2000 + i, err) || receive(skel, 1024, err))
			return -1;
	}
	if (skep_map_usage(skel->maps.flows, 0, &usage, err) ||
	    skep_map_sum(skel->maps.flows, &busy, traffic, 2, err))
		return -1;
	printf("%s of 1001 flows are known: the busy one with %llu packets, %llu bytes\n",
	       usage.used <= 256 ? "at most 256" : "too many", (unsigned long long)traffic[0],
	       (unsigned long long)traffic[1]);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct lru_percpu_hash_bpf *skel = lru_percpu_hash_bpf_open(NULL, &err);
	int ret = skel ? lru_percpu_hash_bpf_load(skel, NULL, &err) : -1;

	if (!ret)
		ret = watch(skel, &err);
	lru_percpu_hash_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
