// SPDX-License-Identifier: MIT
/* The user side of tracepoint.bpf.c. */
#include "../../example.h"
#include "tracepoint.skel.h"

static int watch(struct tracepoint_bpf *skel, struct skep_error *err)
{
	(void)err;
	example_getppid(5);
	printf("%llu calls of getppid\n", skel->bss->calls);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct tracepoint_bpf *skel = tracepoint_bpf_open(NULL, &err);
	int ret = -1;

	if (skel) {
		skel->rodata->pid = (unsigned int)getpid();
		skel->rodata->number = SYS_getppid;
		ret = tracepoint_bpf_load(skel, NULL, &err);
	}
	if (!ret)
		ret = tracepoint_bpf_attach(skel, &err) < 0 ? -1 : watch(skel, &err);
	tracepoint_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
