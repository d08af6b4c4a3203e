// SPDX-License-Identifier: MIT
/* The user side of cgroup_sock.bpf.c. */
#include "../../example.h"
#include "cgroup_sock.skel.h"
#include <skep/net.h>

static int watch(struct cgroup_sock_bpf *skel, const char *cgroup, struct skep_error *err)
{
	struct skep_link *link =
		skep_program_attach_cgroup(skel->programs.no_raw_sockets, cgroup, NULL, err);
	int raw, plain;

	if (!link)
		return -1;
	raw = socket(AF_INET, SOCK_RAW, 1);
	plain = socket(AF_INET, SOCK_DGRAM, 0);
	printf("raw %s, plain %s, %llu refused\n", raw < 0 ? "no" : "yes", plain < 0 ? "no" : "yes",
	       skel->bss->refused);
	skep_link_close(link);
	return 0;
}

int main(int argc, char **argv)
{
	const char *cgroup = example_cgroup(argc, argv);
	struct skep_error err = { 0 };
	struct cgroup_sock_bpf *skel;
	int ret = -1;

	if (!cgroup)
		return 2;
	skel = cgroup_sock_bpf_open(NULL, &err);
	if (skel)
		ret = cgroup_sock_bpf_load(skel, NULL, &err);
	if (!ret)
		ret = watch(skel, cgroup, &err);
	cgroup_sock_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
