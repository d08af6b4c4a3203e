// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "GPL";

struct pt_regs;
struct cgroup;

/* What of them is of interest; where it lies is found out when the program is loaded. */
struct css_set {
	struct cgroup *dfl_cgrp;
} __core;

struct task_struct {
	struct css_set *cgroups;
} __core;

/* Hangs on the cgroups that user space gave one. */
struct {
	__uint(type, BPF_MAP_TYPE_CGRP_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u64);
} calls SEC(".maps");

/* Counts the system calls of a cgroup's processes; nothing is made for cgroups that have none. */
SEC("tp_btf/sys_enter")
int BPF_PROG(on_enter, struct pt_regs *regs, long number)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u64 *times = skep_cgroup_storage(&calls, task->cgroups->dfl_cgrp, NULL, 0);

	if (times)
		__sync_fetch_and_add(times, 1);
	return 0;
}
