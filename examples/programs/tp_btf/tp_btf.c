// SPDX-License-Identifier: MIT
/* The user side of tp_btf.bpf.c. */
#include "../../example.h"
#include "tp_btf.skel.h"
#include <sys/wait.h>

static int watch(struct tp_btf_bpf *skel, struct skep_error *err)
{
	(void)err;
	for (int i = 0; i < 3; i++) {
		pid_t child = fork();

		if (!child)
			_exit(0);
		waitpid(child, NULL, 0);
	}
	printf("%llu children\n", skel->bss->children);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct tp_btf_bpf *skel = tp_btf_bpf_open(NULL, &err);
	int ret = -1;

	if (skel) {
		skel->rodata->pid = (unsigned int)getpid();
		ret = tp_btf_bpf_load(skel, NULL, &err);
	}
	if (!ret)
		ret = tp_btf_bpf_attach(skel, &err) < 0 ? -1 : watch(skel, &err);
	tp_btf_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
