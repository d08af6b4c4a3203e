// SPDX-License-Identifier: MIT
#include <unistd.h>

#include "check.h"

/* What is probed. */
__attribute__((noinline)) int twice(int n)
{
	__asm__ volatile("" : "+r"(n));
	return 2 * n;
}

static void call_often(void)
{
	for (int i = 1; i <= 10; i++)
		CHECK(twice(i) == 2 * i);
}

void test(struct PROJECT_bpf *skel, struct skep_error *err)
{
	const struct skep_uprobe_opts opts = { .size = sizeof(opts),
					       .symbol = "twice",
					       .pid = getpid() };
	const char *self = "/proc/self/exe";

	if (PROJECT_bpf_load(skel, NULL, err))
		return;
	skel->links.on_call = skep_program_attach_uprobe(skel->programs.on_call, self, &opts, err);
	if (!skel->links.on_call)
		return;
	skel->links.on_return =
		skep_program_attach_uprobe(skel->programs.on_return, self, &opts, err);
	call_often();
	PROJECT_bpf_detach(skel);
	call_often();
	CHECK(skel->bss->calls == 10);
	CHECK(skel->bss->returns == 10);
	CHECK(skel->bss->last_argument == 10);
	CHECK((int)skel->bss->last_result == 20);
}
