// SPDX-License-Identifier: MIT
/* The user side of sched_act.bpf.c. */
#include "../../example.h"
#include "sched_act.skel.h"
#include <skep/net.h>

static int watch(struct sched_act_bpf *skel, struct skep_error *err)
{
	const struct skep_tc_opts opts = { .size = sizeof(opts), .direction = SKEP_INGRESS };
	struct sockaddr_in address;
	int from, to = example_udp_pair(&from, &address);
	char number;

	skel->bss->port = ntohs(address.sin_port);
	skel->links.drop_half = skep_program_attach_tc(skel->programs.drop_half, "lo", &opts, err);
	if (!skel->links.drop_half)
		return -1;
	for (number = 0; number < 6; number++)
		send(from, &number, 1, 0);
	usleep(10000);
	while (recv(to, &number, 1, MSG_DONTWAIT) == 1)
		printf("%d ", number);
	printf("of %llu packets\n", skel->bss->packets);
	close(from);
	close(to);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct sched_act_bpf *skel = sched_act_bpf_open(NULL, &err);
	int ret = -1;

	if (skel)
		ret = sched_act_bpf_load(skel, NULL, &err);
	if (!ret)
		ret = watch(skel, &err);
	sched_act_bpf_close(skel);
	/* The kernel has no such filter or action. */
	if (ret && err.code == ENOENT)
		err.code = EOPNOTSUPP;
	return ret ? example_fail(&err) : 0;
}
