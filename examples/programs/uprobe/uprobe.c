// SPDX-License-Identifier: MIT
/* The user side of uprobe.bpf.c. */
#include "../../example.h"
#include "uprobe.skel.h"
#include <skep/user.h>

long multiply(long a, long b);

__attribute__((noinline)) long multiply(long a, long b)
{
	asm volatile("");
	return a * b;
}

static int watch(struct uprobe_bpf *skel, struct skep_error *err)
{
	const struct skep_uprobe_opts opts = { .size = sizeof(opts),
					       .pid = getpid(),
					       .symbol = "multiply" };
	struct skep_link *link =
		skep_program_attach_uprobe(skel->programs.on_add, "/proc/self/exe", &opts, err);
	long expected;

	if (!link)
		return -1;
	expected = multiply(3, 5) + multiply(7, 11);
	printf("%llu, and it is %ld\n", skel->bss->sum, expected);
	skep_link_close(link);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct uprobe_bpf *skel = uprobe_bpf_open(NULL, &err);
	int ret = -1;

	if (skel)
		ret = uprobe_bpf_load(skel, NULL, &err);
	if (!ret)
		ret = watch(skel, &err);
	uprobe_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
