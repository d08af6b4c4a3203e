// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

#define MAX_SLOTS   26
#define MAX_TASKS   10240
#define MAX_ENTRIES 1024

/**
 * @brief How long tasks wait for a CPU, as a histogram.
 * @version 1.0
 */
char LICENSE[] SEC("license") = "Dual MIT/GPL";

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct task_struct {
	int pid, tgid;
	unsigned int __state;
	char comm[16];
};

/* Before 5.14 it had another name. */
struct task_struct___older {
	long state;
};
#pragma clang attribute pop

struct hist {
	__u32 slots[MAX_SLOTS];
	char comm[16];
};

/// @cmdarg {"long": "pid", "short": "p", "help": "only this process"}
const volatile __u32 targ_tgid = 0;
/// @cmdarg {"long": "milliseconds", "short": "m", "default": false}
/// @description milliseconds instead of microseconds
const volatile bool targ_ms = false;
/// @cmdarg {"long": "per-process", "short": "P", "default": false}
/// @description a histogram for each process
const volatile bool targ_per_process = false;

/* When a task began to wait. */
SKEP_MAP(waiting, HASH, __u32, __u64, MAX_TASKS);

/// @sample {"interval": 1000, "type": "log2_hist", "unit": "usecs", "clear_map": true}
SKEP_MAP(hists, HASH, __u32, struct hist, MAX_ENTRIES);

static void wait(struct task_struct *task)
{
	__u64 now = bpf_ktime_get_ns();
	__u32 pid = task->pid;

	if (!pid || (targ_tgid && (__u32)task->tgid != targ_tgid))
		return;
	skep_map_update(&waiting, &pid, &now, BPF_ANY);
}

static bool is_runnable(struct task_struct *task)
{
	struct task_struct___older *older = (void *)task;

	return bpf_core_field_exists(task->__state) ? !task->__state : !BPF_CORE_READ(older, state);
}

static __u32 log2(__u64 value)
{
	__u32 slot = 0;

	for (int bits = 32; bits; bits >>= 1)
		if (value >> bits) {
			slot += bits;
			value >>= bits;
		}
	return slot;
}

static void count(struct task_struct *task, __u64 ns)
{
	__u64 value = targ_ms ? ns / 1000000 : ns / 1000;
	__u32 key = targ_per_process ? (__u32)task->tgid : ~0u, slot = log2(value);
	struct hist none = {};
	struct hist *hist = skep_map_lookup_or_init(&hists, &key, &none);

	if (!hist)
		return;
	if (!hist->comm[0])
		bpf_probe_read_kernel_str(hist->comm, sizeof(hist->comm), task->comm);
	if (slot >= MAX_SLOTS)
		slot = MAX_SLOTS - 1;
	__sync_fetch_and_add(&hist->slots[slot], 1);
}

SEC("tp_btf/sched_wakeup")
int BPF_PROG(on_wakeup, struct task_struct *task)
{
	wait(task);
	return 0;
}

SEC("tp_btf/sched_wakeup_new")
int BPF_PROG(on_wakeup_new, struct task_struct *task)
{
	wait(task);
	return 0;
}

/* Who was taken off the CPU and could go on waits as well. */
SEC("tp_btf/sched_switch")
int BPF_PROG(on_switch, bool preempted, struct task_struct *prev, struct task_struct *next)
{
	__u32 pid = next->pid;
	__u64 *since;

	(void)preempted;
	if (is_runnable(prev))
		wait(prev);
	since = skep_map_lookup(&waiting, &pid);
	if (!since)
		return 0;
	count(next, bpf_ktime_get_ns() - *since);
	skep_map_delete(&waiting, &pid);
	return 0;
}
