// SPDX-License-Identifier: MIT
/* The user side of lpm_trie.bpf.c: three networks, and packets from each. */
#include "../../example.h"
#include "lpm_trie.skel.h"

/* What the program says of a packet from 10.@b.@c.1. */
static int classify(struct lpm_trie_bpf *skel, uint8_t b, uint8_t c, struct skep_error *err)
{
	uint8_t packet[64] = { [12] = 8, [14] = 0x45, [26] = 10, b, c, 1 };
	struct skep_program_run run = { .size = sizeof(run),
					.data_in = packet,
					.data_in_len = sizeof(packet) };

	if (skep_program_test_run(skel->programs.classify, &run, err))
		return -1;
	printf("10.%u.%u.1 is in network %u\n", b, c, run.retval);
	return 0;
}

static int watch(struct lpm_trie_bpf *skel, struct skep_error *err)
{
	static const lpm_trie_bpf_networks_key networks[] = { { 8, { 10 } },
							      { 16, { 10, 1 } },
							      { 24, { 10, 1, 2 } } };

	for (unsigned int i = 0; i < 3; i++) {
		unsigned int number = i + 1;

		if (lpm_trie_bpf_networks_update(skel, &networks[i], &number, 0, err))
			return -1;
	}
	return classify(skel, 1, 2, err) || classify(skel, 1, 3, err) || classify(skel, 2, 2, err);
}

int main(void)
{
	struct skep_error err = { 0 };
	struct lpm_trie_bpf *skel = lpm_trie_bpf_open(NULL, &err);
	int ret = skel ? lpm_trie_bpf_load(skel, NULL, &err) : -1;

	if (!ret)
		ret = watch(skel, &err);
	lpm_trie_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
