// SPDX-License-Identifier: MIT
/* The user side of lwt_in.bpf.c. */
#include "../../example.h"
#include "lwt_in.skel.h"
#include <linux/rtnetlink.h>
#include <skep/net.h>

static int watch(struct lwt_in_bpf *skel, struct skep_error *err)
{
	const struct skep_lwt_opts opts = { .size = sizeof(opts),
					    .destination = "10.9.8.7",
					    .ifname = "lo",
					    .table = RT_TABLE_LOCAL,
					    .local = true };
	struct sockaddr_in address;
	char data[200] = "";
	int from, to, n = 0;

	skel->links.only_short = skep_program_attach_lwt(skel->programs.only_short, &opts, err);
	if (!skel->links.only_short)
		return -1;
	to = example_udp_pair_at(opts.destination, &from, &address);
	for (size_t len = 50; len <= sizeof(data); len += 50)
		send(from, data, len, 0);
	usleep(10000);
	while (recv(to, data, sizeof(data), MSG_DONTWAIT) > 0)
		n++;
	printf("%llu packets, %d came\n", skel->bss->packets, n);
	close(from);
	close(to);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct lwt_in_bpf *skel;
	int ret = -1;

	if (example_network())
		return 3;
	skel = lwt_in_bpf_open(NULL, &err);
	if (skel)
		ret = lwt_in_bpf_load(skel, NULL, &err);
	if (!ret)
		ret = watch(skel, &err);
	lwt_in_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
