// SPDX-License-Identifier: MIT
/* The user side of cgroup_skb.bpf.c. */
#include "../../example.h"
#include "cgroup_skb.skel.h"
#include <skep/net.h>

static int watch(struct cgroup_skb_bpf *skel, const char *cgroup, struct skep_error *err)
{
	struct skep_link *link =
		skep_program_attach_cgroup(skel->programs.count, cgroup, NULL, err);
	struct sockaddr_in address;
	int from, to = example_udp_pair(&from, &address);

	if (!link)
		return -1;
	example_send(from, 3);
	printf("%llu packets of %llu bytes\n", skel->bss->packets, skel->bss->bytes);
	skep_link_close(link);
	close(from);
	close(to);
	return 0;
}

int main(int argc, char **argv)
{
	const char *cgroup = example_cgroup(argc, argv);
	struct skep_error err = { 0 };
	struct cgroup_skb_bpf *skel;
	int ret = -1;

	if (!cgroup)
		return 2;
	skel = cgroup_skb_bpf_open(NULL, &err);
	if (skel)
		ret = cgroup_skb_bpf_load(skel, NULL, &err);
	if (!ret)
		ret = watch(skel, cgroup, &err);
	cgroup_skb_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
