// SPDX-License-Identifier: MIT
/* The user side of cgroup_sock_addr.bpf.c. */
#include "../../example.h"
#include "cgroup_sock_addr.skel.h"
#include <skep/net.h>

static int watch(struct cgroup_sock_addr_bpf *skel, const char *cgroup, struct skep_error *err)
{
	struct sockaddr_in address, elsewhere;
	int from, to = example_udp_pair(&from, &address);
	struct skep_link *link =
		skep_program_attach_cgroup(skel->programs.redirect, cgroup, NULL, err);

	if (!link)
		return -1;
	skel->bss->to_port = address.sin_port;
	elsewhere = address;
	elsewhere.sin_port = htons(9);
	if (connect(from, (struct sockaddr *)&elsewhere, sizeof(elsewhere)))
		perror("connect");
	example_send(from, 1);
	printf("%llu connection redirected, %s\n", skel->bss->redirected,
	       example_receives(to) ? "and it came there" : "and nothing came");
	skep_link_close(link);
	close(from);
	close(to);
	return 0;
}

int main(int argc, char **argv)
{
	const char *cgroup = example_cgroup(argc, argv);
	struct skep_error err = { 0 };
	struct cgroup_sock_addr_bpf *skel;
	int ret = -1;

	if (!cgroup)
		return 2;
	skel = cgroup_sock_addr_bpf_open(NULL, &err);
	if (skel)
		ret = cgroup_sock_addr_bpf_load(skel, NULL, &err);
	if (!ret)
		ret = watch(skel, cgroup, &err);
	cgroup_sock_addr_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
