// SPDX-License-Identifier: MIT
/* The user side of lwt_seg6local.bpf.c. */
#include "../../example.h"
#include "lwt_seg6local.skel.h"
#include <linux/seg6.h>
#include <skep/net.h>

#define SEGMENT "fc00::7"

/* What is sent goes by the segment first; where to in the end is written into the other one. */
static int open_socket(void)
{
	struct sockaddr_in6 end = { .sin6_family = AF_INET6, .sin6_port = htons(9) }, from = end;
	struct {
		struct ipv6_sr_hdr header;
		struct in6_addr segments[2];
	} way = { .header = { .hdrlen = sizeof(way) / 8 - 1,
			      .type = 4,
			      .segments_left = 1,
			      .first_segment = 1,
			      .tag = htons(42) } };
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	inet_pton(AF_INET6, SEGMENT, &way.segments[1]);
	inet_pton(AF_INET6, "fc00::9", &end.sin6_addr);
	from.sin6_addr = in6addr_loopback;
	if (setsockopt(fd, IPPROTO_IPV6, IPV6_RTHDR, &way, sizeof(way)) ||
	    bind(fd, (struct sockaddr *)&from, sizeof(from)) ||
	    connect(fd, (struct sockaddr *)&end, sizeof(end)))
		perror("a way by segments");
	return fd;
}

static int watch(struct lwt_seg6local_bpf *skel, struct skep_error *err)
{
	const struct skep_lwt_opts opts = {
		.size = sizeof(opts), .destination = SEGMENT, .ifname = "lo", .local = true
	};
	int fd;

	skel->links.look = skep_program_attach_lwt(skel->programs.look, &opts, err);
	if (!skel->links.look)
		return -1;
	fd = open_socket();
	example_send(fd, 3);
	printf("%llu packets, tag %u, %u segments left\n", skel->bss->packets, skel->bss->tag,
	       skel->bss->left);
	close(fd);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct lwt_seg6local_bpf *skel;
	int ret = -1;

	if (example_network())
		return 3;
	skel = lwt_seg6local_bpf_open(NULL, &err);
	if (skel)
		ret = lwt_seg6local_bpf_load(skel, NULL, &err);
	if (!ret)
		ret = watch(skel, &err);
	lwt_seg6local_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
