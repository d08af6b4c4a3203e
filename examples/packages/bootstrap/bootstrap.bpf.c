// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

#define MAX_PROCESSES 8192

/**
 * @brief Processes as they begin and end, with how long they lived.
 * @version 1.0
 */
char LICENSE[] SEC("license") = "Dual MIT/GPL";

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct task_struct {
	int pid, tgid, exit_code;
	struct task_struct *real_parent;
};

struct linux_binprm {
	const char *filename;
};
#pragma clang attribute pop

struct event {
	__u32 pid, ppid;
	char comm[16];
	bool exit_event;
	__u8 exit_code;
	__u64 duration_ns SKEP_AS(duration);
	char filename[127];
};

SKEP_EMIT_RING(events, struct event, 256 * 1024);

/* When each process began. */
SKEP_MAP(began, HASH, __u32, __u64, MAX_PROCESSES);

/// @description only processes that ran this long (ns); those have no line for their beginning
/// @cmdarg {"short": "d"}
const volatile __u64 min_duration_ns = 0;

/// @description only the children of this process; 0: everybody's
const volatile __u32 parent = 0;

static bool is_wanted(struct task_struct *task)
{
	return !parent || (__u32)task->real_parent->tgid == parent;
}

static void fill(struct event *e, struct task_struct *task)
{
	__builtin_memset(e, 0, sizeof(*e));
	e->pid = task->tgid;
	e->ppid = task->real_parent->tgid;
	bpf_get_current_comm(e->comm, sizeof(e->comm));
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *task, int old_pid, struct linux_binprm *program)
{
	__u64 now = bpf_ktime_get_ns();
	__u32 pid = task->tgid;
	struct event *e;

	(void)old_pid;
	if (!is_wanted(task))
		return 0;
	skep_map_update(&began, &pid, &now, BPF_ANY);
	if (min_duration_ns)
		return 0;
	e = SKEP_RESERVE(events);
	if (!e)
		return 0;
	fill(e, task);
	bpf_probe_read_kernel_str(e->filename, sizeof(e->filename), program->filename);
	SKEP_SUBMIT(events, e);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_exit, struct task_struct *task)
{
	__u64 duration = 0, *since;
	__u32 pid = task->tgid;
	struct event *e;

	/* Threads end too; the process does with its first one. */
	if (task->pid != task->tgid || !is_wanted(task))
		return 0;
	since = skep_map_lookup(&began, &pid);
	if (since)
		duration = bpf_ktime_get_ns() - *since;
	skep_map_delete(&began, &pid);
	if (min_duration_ns && duration < min_duration_ns)
		return 0;
	e = SKEP_RESERVE(events);
	if (!e)
		return 0;
	fill(e, task);
	e->exit_event = true;
	e->duration_ns = duration;
	e->exit_code = task->exit_code >> 8;
	SKEP_SUBMIT(events, e);
	return 0;
}
