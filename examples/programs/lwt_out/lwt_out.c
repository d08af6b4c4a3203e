// SPDX-License-Identifier: MIT
/* The user side of lwt_out.bpf.c. */
#include "../../example.h"
#include "lwt_out.skel.h"
#include <skep/net.h>

static int watch(struct lwt_out_bpf *skel, struct skep_error *err)
{
	const struct skep_lwt_opts opts = { .size = sizeof(opts),
					    .destination = "10.9.8.0/24",
					    .ifname = "lo" };
	int fd, sent = 0;

	skel->links.spend = skep_program_attach_lwt(skel->programs.spend, &opts, err);
	if (!skel->links.spend)
		return -1;
	fd = example_udp_to("10.9.8.7");
	while (sent < 10 && send(fd, "!", 1, 0) == 1)
		sent++;
	printf("%d packets went, then: %s\n", sent, skep_errno_name(errno));
	close(fd);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct lwt_out_bpf *skel;
	int ret = -1;

	if (example_network())
		return 3;
	skel = lwt_out_bpf_open(NULL, &err);
	if (skel)
		ret = lwt_out_bpf_load(skel, NULL, &err);
	if (!ret)
		ret = watch(skel, &err);
	lwt_out_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
