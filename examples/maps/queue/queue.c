// SPDX-License-Identifier: MIT
/* The user side of queue.bpf.c. */
#include "../../example.h"
#include "queue.skel.h"

static int watch(struct queue_bpf *skel, struct skep_error *err)
{
	unsigned long long number = 0;

	syscall(SYS_getppid);
	syscall(SYS_getuid);
	queue_bpf_detach(skel);
	while (!skep_map_take(skel->maps.calls, NULL, 0, &number, sizeof(number), 0, err))
		if (number == SYS_getppid || number == SYS_getuid)
			printf("%s\n", number == SYS_getuid ? "getuid" : "getppid");
	return err->code == ENOENT ? 0 : -1; /* it is empty */
}

int main(void)
{
	struct skep_error err = { 0 };
	struct queue_bpf *skel = queue_bpf_open(NULL, &err);
	int ret = -1;

	if (skel) {
		skel->rodata->pid = (unsigned int)getpid();
		ret = queue_bpf_load(skel, NULL, &err);
	}
	if (!ret)
		ret = queue_bpf_attach(skel, &err) < 0 ? -1 : watch(skel, &err);
	queue_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
