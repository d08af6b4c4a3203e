// SPDX-License-Identifier: MIT
/* The user side of netfilter.bpf.c. */
#include "../../example.h"
#include "netfilter.skel.h"
#include <linux/netfilter.h>
#include <skep/net.h>

static int watch(struct netfilter_bpf *skel, struct skep_error *err)
{
	const struct skep_netfilter_opts opts = { .size = sizeof(opts),
						  .family = NFPROTO_IPV4,
						  .hook = NF_INET_LOCAL_IN,
						  .priority = -128 };
	struct sockaddr_in address;
	int from, to = example_udp_pair(&from, &address);
	struct skep_link *link = skep_program_attach_netfilter(skel->programs.count, &opts, err);

	if (!link)
		return -1;
	example_send(from, 1);
	skel->bss->drops = 1;
	example_send(from, 1);
	printf("%llu packets, ", skel->bss->packets);
	printf("the first %s, ", example_receives(to) ? "came" : "did not come");
	printf("the second %s\n", example_receives(to) ? "too" : "did not");
	skep_link_close(link);
	close(from);
	close(to);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct netfilter_bpf *skel;
	int ret = -1;

	skel = netfilter_bpf_open(NULL, &err);
	if (skel)
		ret = netfilter_bpf_load(skel, NULL, &err);
	if (!ret)
		ret = watch(skel, &err);
	netfilter_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
