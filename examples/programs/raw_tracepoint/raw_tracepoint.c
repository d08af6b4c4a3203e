// SPDX-License-Identifier: MIT
/* The user side of raw_tracepoint.bpf.c. */
#include "../../example.h"
#include "raw_tracepoint.skel.h"

static int watch(struct raw_tracepoint_bpf *skel, struct skep_error *err)
{
	(void)err;
	example_getppid(5);
	printf("%llu calls of getppid\n", skel->bss->calls);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct raw_tracepoint_bpf *skel = raw_tracepoint_bpf_open(NULL, &err);
	int ret = -1;

	if (skel) {
		skel->rodata->pid = (unsigned int)getpid();
		skel->rodata->number = SYS_getppid;
		ret = raw_tracepoint_bpf_load(skel, NULL, &err);
	}
	if (!ret)
		ret = raw_tracepoint_bpf_attach(skel, &err) < 0 ? -1 : watch(skel, &err);
	raw_tracepoint_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
