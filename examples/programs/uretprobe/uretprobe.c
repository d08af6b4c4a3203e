// SPDX-License-Identifier: MIT
/* The user side of uretprobe.bpf.c. */
#include "../../example.h"
#include "uretprobe.skel.h"
#include <skep/user.h>

long multiply(long a, long b);

__attribute__((noinline)) long multiply(long a, long b)
{
	asm volatile("");
	return a * b;
}

static int watch(struct uretprobe_bpf *skel, struct skep_error *err)
{
	const struct skep_uprobe_opts opts = { .size = sizeof(opts),
					       .pid = getpid(),
					       .symbol = "multiply" };

	skel->links.on_result =
		skep_program_attach_uprobe(skel->programs.on_result, "/proc/self/exe", &opts, err);
	if (!skel->links.on_result)
		return -1;
	for (long a = 0; a <= 10; a++)
		multiply(a, 10 - a);
	printf("%lld is the largest product\n", skel->bss->largest);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct uretprobe_bpf *skel = uretprobe_bpf_open(NULL, &err);
	int ret = -1;

	if (skel)
		ret = uretprobe_bpf_load(skel, NULL, &err);
	if (!ret)
		ret = watch(skel, &err);
	uretprobe_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
