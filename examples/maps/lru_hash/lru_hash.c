// SPDX-License-Identifier: MIT
/* The user side of lru_hash.bpf.c: one host that sends all the time, and many that send once. */
#include "../../example.h"
#include "lru_hash.skel.h"

/* A packet from 10.@b.@c.@d. */
static int receive(struct lru_hash_bpf *skel, uint8_t b, uint8_t c, uint8_t d,
		   struct skep_error *err)
{
	uint8_t packet[64] = { [12] = 8, [14] = 0x45, [26] = 10, b, c, d };
	struct skep_program_run run = { .size = sizeof(run),
					.data_in = packet,
					.data_in_len = sizeof(packet) };

	return skep_program_test_run(skel->programs.count, &run, err);
}

static int watch(struct lru_hash_bpf *skel, struct skep_error *err)
{
	const lru_hash_bpf_hosts_key busy = htonl(0x0a000001), last = htonl(0x0a010963);
	lru_hash_bpf_hosts_value n_busy, n_last;
	struct skep_map_usage usage = { .size = sizeof(usage) };

	for (uint8_t c = 0; c < 10; c++)
		for (uint8_t d = 0; d < 100; d++)
			if (receive(skel, 1, c, d, err) || receive(skel, 0, 0, 1, err))
				return -1;
	if (skep_map_usage(skel->maps.hosts, 0, &usage, err) ||
	    lru_hash_bpf_hosts_lookup(skel, &busy, &n_busy, err) ||
	    lru_hash_bpf_hosts_lookup(skel, &last, &n_last, err))
		return -1;
	printf("%s of 1001 hosts are known: the busy one with %llu packets, the last one with "
	       "%llu\n",
	       usage.used <= 256 ? "at most 256" : "too many", n_busy, n_last);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct lru_hash_bpf *skel = lru_hash_bpf_open(NULL, &err);
	int ret = skel ? lru_hash_bpf_load(skel, NULL, &err) : -1;

	if (!ret)
		ret = watch(skel, &err);
	lru_hash_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
