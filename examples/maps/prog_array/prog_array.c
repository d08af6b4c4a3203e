// SPDX-License-Identifier: MIT
/* The user side of prog_array.bpf.c. */
#include "../../example.h"
#include "prog_array.skel.h"

static int watch(struct prog_array_bpf *skel, struct skep_error *err)
{
	unsigned long long even, odd;
	struct skep_link *link = skep_program_attach(skel->programs.choose, err);

	if (!link)
		return -1;
	even = skel->bss->even;
	odd = skel->bss->odd;
	example_getppid(4);
	even = skel->bss->even - even;
	odd = skel->bss->odd - odd;
	skep_link_close(link);
	printf("%llu calls, %s\n", even + odd, even && odd ? "mixed" : "all of one parity");
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct prog_array_bpf *skel = prog_array_bpf_open(NULL, &err);
	int ret = -1;

	if (skel) {
		skel->rodata->pid = (unsigned int)getpid();
		ret = prog_array_bpf_load(skel, NULL, &err);
	}
	if (!ret)
		ret = watch(skel, &err);
	prog_array_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
