// SPDX-License-Identifier: MIT
/* The user side of task_storage.bpf.c. */
#include "../../example.h"
#include "task_storage.skel.h"

static int watch(struct task_storage_bpf *skel, struct skep_error *err)
{
	int self = (int)syscall(SYS_pidfd_open, getpid(), 0);
	task_storage_bpf_calls_value call = { 0 };
	int ret;

	example_getppid(100);
	usleep(20000);
	ret = task_storage_bpf_calls_lookup(skel, &self, &call, err);
	if (!ret)
		printf("the longest call was %s, and took %s\n",
		       call.longest_number == SYS_clock_nanosleep ? "a sleep" : "none that sleeps",
		       call.longest >= 20000000 ? "at least 20 ms" : "too little");
	close(self);
	return ret;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct task_storage_bpf *skel = task_storage_bpf_open(NULL, &err);
	int ret = -1;

	if (skel) {
		skel->rodata->pid = (unsigned int)getpid();
		ret = task_storage_bpf_load(skel, NULL, &err);
	}
	if (!ret)
		ret = task_storage_bpf_attach(skel, &err) < 0 ? -1 : watch(skel, &err);
	task_storage_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
