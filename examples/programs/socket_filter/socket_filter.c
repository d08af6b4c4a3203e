// SPDX-License-Identifier: MIT
/* The user side of socket_filter.bpf.c. */
#include "../../example.h"
#include "socket_filter.skel.h"
#include <skep/net.h>

static int watch(struct socket_filter_bpf *skel, struct skep_error *err)
{
	struct sockaddr_in address;
	int from, to = example_udp_pair(&from, &address);
	struct skep_link *link = skep_program_attach_socket(skel->programs.only_even, to, err);
	char number;

	if (!link)
		return -1;
	for (number = 0; number < 6; number++)
		send(from, &number, 1, 0);
	while (recv(to, &number, 1, MSG_DONTWAIT) == 1)
		printf("%d ", number);
	printf("of %llu packets\n", skel->bss->packets);
	skep_link_close(link);
	close(from);
	close(to);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct socket_filter_bpf *skel = socket_filter_bpf_open(NULL, &err);
	int ret = -1;

	if (skel)
		ret = socket_filter_bpf_load(skel, NULL, &err);
	if (!ret)
		ret = watch(skel, &err);
	socket_filter_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
