// SPDX-License-Identifier: MIT
#include <unistd.h>

#include "check.h"
#include "probe.h"

static void hit_often(void)
{
	for (int i = 1; i <= 10; i++)
		PROBE("PROJECT", "turn", i);
}

void test(struct PROJECT_bpf *skel, struct skep_error *err)
{
	const struct skep_usdt_opts opts = { .size = sizeof(opts), .pid = getpid() };

	if (PROJECT_bpf_load(skel, NULL, err))
		return;
	skel->links.on_hit = skep_program_attach_usdt(skel->programs.on_hit, "/proc/self/exe",
						      "PROJECT", "turn", &opts, err);
	if (!skel->links.on_hit)
		return;
	hit_often();
	PROJECT_bpf_detach(skel);
	hit_often();
	CHECK(skel->bss->hits == 10);
	CHECK(skel->bss->first_argument == 10);
}
