// SPDX-License-Identifier: MIT
/* The user side of xskmap.bpf.c. */
#include "xsk.h"
#include "xskmap.skel.h"
#include <skep/net.h>

static int watch(struct xskmap_bpf *skel, struct xsk *xsk, struct skep_error *err)
{
	xskmap_bpf_sockets_value socket_fd = (unsigned int)xsk->fd;
	struct sockaddr_in address;
	int from, to = example_udp_pair(&from, &address);
	struct skep_link *link;
	unsigned int queue = 0;
	const char *frame;
	uint32_t len = 0;

	skel->bss->port = ntohs(address.sin_port);
	link = skep_program_attach_xdp(skel->programs.to_user_space, "lo", NULL, err);
	if (!link || xskmap_bpf_sockets_update(skel, &queue, &socket_fd, 0, err))
		return -1;
	send(from, "hello", 5, 0);
	frame = xsk_receive(xsk, &len);
	if (frame && len > 5)
		printf("a frame of %u bytes: %.5s\n", len, frame + len - 5);
	printf("the UDP socket got %s\n", example_receives(to) ? "it" : "none");
	skep_link_close(link);
	close(from);
	close(to);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct xskmap_bpf *skel;
	struct xsk xsk;
	int ret = -1;

	if (example_network())
		return 3;
	skel = xskmap_bpf_open(NULL, &err);
	if (skel)
		ret = xskmap_bpf_load(skel, NULL, &err);
	if (!ret)
		ret = xsk_open(&xsk, "lo", 0, &err) ? -1 : watch(skel, &xsk, &err);
	xskmap_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
