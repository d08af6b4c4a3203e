// SPDX-License-Identifier: MIT
/* The user side of ksyscall.bpf.c. */
#include "../../example.h"
#include "ksyscall.skel.h"
#include <fcntl.h>

static int watch(struct ksyscall_bpf *skel, struct skep_error *err)
{
	char path[] = "/nowhere";

	(void)err;
	open(path, O_RDONLY);
	printf("openat of %s gave %lld\n", skel->bss->path, skel->bss->result);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct ksyscall_bpf *skel = ksyscall_bpf_open(NULL, &err);
	int ret = -1;

	if (skel) {
		skel->rodata->pid = (unsigned int)getpid();
		ret = ksyscall_bpf_load(skel, NULL, &err);
	}
	if (!ret)
		ret = ksyscall_bpf_attach(skel, &err) < 0 ? -1 : watch(skel, &err);
	ksyscall_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
