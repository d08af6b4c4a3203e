// SPDX-License-Identifier: MIT
/* The user side of arena.bpf.c. */
#include "../../example.h"
#include "arena.skel.h"

static int watch(struct arena_bpf *skel, struct skep_error *err)
{
	const char *separator = "";

	(void)err;
	syscall(SYS_getuid);
	syscall(SYS_getppid);
	syscall(SYS_getgid);
	arena_bpf_detach(skel);
	for (const struct arena_bpf__call *call = skel->arena->last; call; call = call->before) {
		const char *name = call->number == SYS_getuid  ? "getuid" :
				   call->number == SYS_getppid ? "getppid" :
				   call->number == SYS_getgid  ? "getgid" :
								 NULL;

		if (!name)
			continue;
		printf("%s%s", separator, name);
		separator = " after ";
	}
	printf("\n");
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct arena_bpf *skel = arena_bpf_open(NULL, &err);
	int ret = -1;

	if (skel) {
		skel->rodata->pid = (unsigned int)getpid();
		ret = arena_bpf_load(skel, NULL, &err);
	}
	if (!ret)
		ret = arena_bpf_attach(skel, &err) < 0 ? -1 : watch(skel, &err);
	arena_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
