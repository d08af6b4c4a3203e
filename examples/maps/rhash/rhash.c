// SPDX-License-Identifier: MIT
/* The user side of rhash.bpf.c. */
#include "../../example.h"
#include "rhash.skel.h"
#include <skep/net.h>

enum { CUSTOMERS = 500 };

static uint64_t memory(const struct rhash_bpf *skel)
{
	struct skep_map_info info = { .size = sizeof(info) };

	skep_map_info(skel->maps.packets, &info, NULL);
	return info.memory;
}

static int watch(struct rhash_bpf *skel, struct skep_error *err)
{
	const uint64_t empty = memory(skel);
	struct skep_map_usage usage = { .size = sizeof(usage) };
	struct sockaddr_in address;
	int from, to = example_udp_pair(&from, &address), ret = 0;
	struct skep_link *link = skep_program_attach_socket(skel->programs.count, to, err);

	if (!link)
		return -1;
	for (unsigned int customer = 0; customer < CUSTOMERS; customer++)
		send(from, &customer, sizeof(customer), 0);
	for (int ms = 0; !ret && ms < 1000 && usage.used < CUSTOMERS; ms++) {
		usleep(1000);
		ret = skep_map_usage(skel->maps.packets, 0, &usage, err);
	}
	if (!ret)
		printf("%llu customers, and the map has %s\n", (unsigned long long)usage.used,
		       memory(skel) > empty + CUSTOMERS * sizeof(rhash_bpf_packets_value) ?
			       "grown" :
			       "not grown");
	skep_link_close(link);
	close(from);
	close(to);
	return ret;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct rhash_bpf *skel = rhash_bpf_open(NULL, &err);
	int ret = -1;

	if (skel)
		ret = rhash_bpf_load(skel, NULL, &err);
	if (!ret)
		ret = watch(skel, &err);
	rhash_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
