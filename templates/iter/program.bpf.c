// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>
#include <skep/bpf/contexts.h>
#include <skep/bpf/print.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* What is read of the kernel's structures; where it stands is filled in at loading. */
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct task_struct {
	int pid, tgid;
	struct task_struct *real_parent;
	char comm[16];
};
#pragma clang attribute pop

SEC("iter/task")
int list(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;

	if (!ctx->meta->seq_num)
		BPF_SEQ_PRINTF(ctx->meta->seq, "%8s %8s %8s COMMAND\n", "PARENT", "PROCESS",
			       "THREAD");
	/* Once more at the end, without a task. */
	if (!task)
		return 0;
	BPF_SEQ_PRINTF(ctx->meta->seq, "%8d %8d %8d %s\n", task->real_parent->tgid, task->tgid,
		       task->pid, task->comm);
	return 0;
}
