// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Which programs are started, and how each of them ended.
 *
 *	skep run exec.bpf.c
 *	skep run exec.bpf.c --uid 1000 --min_ms 100 -o jsonl
 */
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* What is read of the kernel's structures; where it stands is filled in at loading. */
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct task_struct {
	int pid, tgid, exit_code;
	__u64 start_time;
	struct task_struct *real_parent;
};

struct linux_binprm {
	const char *filename;
};
#pragma clang attribute pop

enum what { EXEC, EXIT };

struct event {
	enum what what;
	__u32 pid, ppid, uid;
	char comm[16];
	__u32 ms;    /* from its start to its end */
	__u8 code;   /* that it ended with */
	__u8 signal; /* that ended it */
	char file[64];
};

SKEP_EMIT_RING(events, struct event, 256 * 1024);

/* Options of skep run: --ancestor PID, --uid UID, --min_ms MS. */
const volatile __u32 ancestor = 0; /* only processes that descend from this one; 0: all */
const volatile __u32 uid = ~0u;	   /* only this user's; everyone's if it is not given */
const volatile __u32 min_ms = 0;   /* only those that ran at least this long */

#define MAX_GENERATIONS 16

static bool descends(struct task_struct *task)
{
	if (!ancestor)
		return true;
	for (int i = 0; i < MAX_GENERATIONS; i++) {
		task = task->real_parent;
		if ((__u32)task->tgid == ancestor)
			return true;
		if (task->tgid <= 1)
			break;
	}
	return false;
}

static bool is_wanted(struct task_struct *task)
{
	return (uid == ~0u || uid == (__u32)bpf_get_current_uid_gid()) && descends(task);
}

static void fill(struct event *e, struct task_struct *task, enum what what)
{
	__builtin_memset(e, 0, sizeof(*e));
	e->what = what;
	e->pid = task->tgid;
	e->ppid = task->real_parent->tgid;
	e->uid = (__u32)bpf_get_current_uid_gid();
	bpf_get_current_comm(e->comm, sizeof(e->comm));
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *task, int old_pid, struct linux_binprm *bprm)
{
	struct event *e;

	(void)old_pid;
	if (min_ms || !is_wanted(task))
		return 0;
	e = SKEP_RESERVE(events);
	if (!e)
		return 0;
	fill(e, task, EXEC);
	bpf_probe_read_kernel_str(e->file, sizeof(e->file), bprm->filename);
	SKEP_SUBMIT(events, e);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_exit, struct task_struct *task)
{
	__u32 ms = (bpf_ktime_get_ns() - task->start_time) / 1000000;
	struct event *e;

	/* Threads end too; the process does with its first one. */
	if (task->pid != task->tgid || ms < min_ms || !is_wanted(task))
		return 0;
	e = SKEP_RESERVE(events);
	if (!e)
		return 0;
	fill(e, task, EXIT);
	e->ms = ms;
	e->code = task->exit_code >> 8;
	e->signal = task->exit_code & 0x7f;
	SKEP_SUBMIT(events, e);
	return 0;
}
