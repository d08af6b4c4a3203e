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
	char byte = 0;

	if (!link)
		return -1;
	skel->bss->to_port = address.sin_port;
	elsewhere = address;
	elsewhere.sin_port = htons(9);
	if (connect(from, (struct sockaddr *)&elsewhere, sizeof(elsewhere)))
		perror("connect");
	send(from, "!", 1, 0);
	usleep(10000);
	printf("%llu connection redirected, %s\n", skel->bss->redirected,
	       recv(to, &byte, 1, MSG_DONTWAIT) == 1 ? "and it came there" : "and nothing came");
	skep_link_close(link);
	close(from);
	close(to);
	return 0;
}

int main(int argc, char **argv)
{
	struct skep_error err = { 0 };
	struct cgroup_sock_addr_bpf *skel;
	int ret = -1;

	if (argc != 2) {
		fprintf(stderr, "usage: %s CGROUP, a folder in which this process is\n", argv[0]);
		return 2;
	}
	skel = cgroup_sock_addr_bpf_open(NULL, &err);
	if (skel)
		ret = cgroup_sock_addr_bpf_load(skel, NULL, &err);
	if (!ret)
		ret = watch(skel, argv[1], &err);
	cgroup_sock_addr_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
