// SPDX-License-Identifier: MIT
/* The user side of sockops.bpf.c. */
#include "../../tcp.h"
#include "sockops.skel.h"
#include <skep/net.h>

static int watch(struct sockops_bpf *skel, const char *cgroup, struct skep_error *err)
{
	struct skep_link *link =
		skep_program_attach_cgroup(skel->programs.count, cgroup, NULL, err);
	int ends[3][2];

	if (!link)
		return -1;
	for (int i = 0; i < 3; i++)
		if (example_tcp_pair(ends[i]))
			return example_errno("connection", err);
	printf("%lld connections, ", skel->bss->now);
	for (int i = 0; i < 3; i++) {
		close(ends[i][0]);
		close(ends[i][1]);
	}
	for (int ms = 0; ms < 500 && skel->bss->now; ms++)
		usleep(1000);
	printf("then %lld\n", skel->bss->now);
	skep_link_close(link);
	return 0;
}

int main(int argc, char **argv)
{
	const char *cgroup = example_cgroup(argc, argv);
	struct skep_error err = { 0 };
	struct sockops_bpf *skel;
	int ret = -1;

	if (!cgroup)
		return 2;
	skel = sockops_bpf_open(NULL, &err);
	if (skel)
		ret = sockops_bpf_load(skel, NULL, &err);
	if (!ret)
		ret = watch(skel, cgroup, &err);
	sockops_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
