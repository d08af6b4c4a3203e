// SPDX-License-Identifier: MIT
/* The user side of lwt_xmit.bpf.c. */
#include "../../example.h"
#include "lwt_xmit.skel.h"
#include <netinet/ip.h>
#include <skep/net.h>

static void print_packet(int fd)
{
	struct {
		struct iphdr outer, inner;
		char rest[64];
	} packet;
	char to[INET_ADDRSTRLEN], inside[INET_ADDRSTRLEN];

	if (recv(fd, &packet, sizeof(packet), MSG_DONTWAIT) < (ssize_t)sizeof(struct iphdr) * 2)
		return;
	inet_ntop(AF_INET, &packet.outer.daddr, to, sizeof(to));
	inet_ntop(AF_INET, &packet.inner.daddr, inside, sizeof(inside));
	printf("to %s, and inside it one to %s\n", to, inside);
}

static int watch(struct lwt_xmit_bpf *skel, struct skep_error *err)
{
	const struct skep_lwt_opts opts = { .size = sizeof(opts),
					    .destination = "10.9.8.0/24",
					    .ifname = "lo",
					    .headroom = sizeof(struct iphdr) };
	int from, to;

	skel->bss->end = htonl(INADDR_LOOPBACK);
	skel->links.wrap = skep_program_attach_lwt(skel->programs.wrap, &opts, err);
	if (!skel->links.wrap)
		return -1;
	to = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_IPIP);
	from = example_udp_to("10.9.8.7");
	example_send(from, 1);
	print_packet(to);
	close(from);
	close(to);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct lwt_xmit_bpf *skel;
	int ret = -1;

	if (example_network())
		return 3;
	skel = lwt_xmit_bpf_open(NULL, &err);
	if (skel)
		ret = lwt_xmit_bpf_load(skel, NULL, &err);
	if (!ret)
		ret = watch(skel, &err);
	lwt_xmit_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
