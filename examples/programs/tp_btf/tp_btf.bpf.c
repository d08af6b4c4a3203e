// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* What of it is of interest; where it lies is found out when the program is loaded. */
struct task_struct {
	int tgid;
} __attribute__((preserve_access_index));

const volatile __u32 pid; /* whose calls are of interest */

__u64 children;

SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
	if ((__u32)parent->tgid == pid)
		__sync_fetch_and_add(&children, 1);
	return 0;
}
