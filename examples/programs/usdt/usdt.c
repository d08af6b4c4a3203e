// SPDX-License-Identifier: MIT
/* The user side of usdt.bpf.c, and the program that is watched: it has the probe example:turn. */
#include "../../../templates/usdt/probe.h"
#include "../../example.h"
#include "usdt.skel.h"
#include <skep/user.h>

static void work(void)
{
	for (int i = 1; i <= 10; i++)
		PROBE("example", "turn", i);
}

static int watch(struct usdt_bpf *skel, struct skep_error *err)
{
	const struct skep_usdt_opts opts = { .size = sizeof(opts), .pid = getpid() };

	skel->links.on_turn = skep_program_attach_usdt(skel->programs.on_turn, "/proc/self/exe",
						       "example", "turn", &opts, err);
	if (!skel->links.on_turn)
		return -1;
	work();
	printf("%llu turns, in all %llu\n", skel->bss->turns, skel->bss->sum);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct usdt_bpf *skel = usdt_bpf_open(NULL, &err);
	int ret = -1;

	if (skel)
		ret = usdt_bpf_load(skel, NULL, &err);
	if (!ret)
		ret = watch(skel, &err);
	usdt_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
