// SPDX-License-Identifier: MIT
/* The user side of xdp.bpf.c. */
#include "../../example.h"
#include "xdp.skel.h"
#include <skep/net.h>

static int watch(struct xdp_bpf *skel, struct skep_error *err)
{
	struct sockaddr_in address;
	int from, to = example_udp_pair(&from, &address);
	struct skep_link *link;

	skel->bss->port = ntohs(address.sin_port);
	link = skep_program_attach_xdp(skel->programs.drop_port, "lo", NULL, err);
	if (!link)
		return -1;
	example_send(from, 5);
	printf("%llu packets dropped, %s\n", skel->bss->dropped,
	       example_receives(to) ? "one came" : "none came");
	skep_link_close(link);
	example_send(from, 1);
	printf("then %s\n", example_receives(to) ? "one came" : "none came");
	close(from);
	close(to);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct xdp_bpf *skel = xdp_bpf_open(NULL, &err);
	int ret = -1;

	if (skel)
		ret = xdp_bpf_load(skel, NULL, &err);
	if (!ret)
		ret = watch(skel, &err);
	xdp_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
