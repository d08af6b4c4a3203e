// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* What of it is of interest; where it lies is found out when the program is loaded. */
struct task_struct {
	int tgid;
	char comm[16];
} __attribute__((preserve_access_index));

const volatile __u32 pid; /* whose calls are of interest */

/* Called for each task; what it writes is the text of a file. */
SEC("iter/task")
int show(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;

	if (task && (__u32)task->tgid == pid)
		BPF_SEQ_PRINTF(ctx->meta->seq, "%s has pid %d\n", task->comm, task->tgid);
	return 0;
}
