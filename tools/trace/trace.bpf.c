// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Every system call of the traced tasks, one record a call, made when the call returns.
 *
 * A task is traced when it has an entry in the task storage `tasks`: the user side marks the
 * first ones, their children inherit it. The entry pairs a call's end with its beginning.
 * Arguments are read at the end, when the kernel itself has just read what they point to; at the
 * beginning a string is often on a page that is not there yet. Only what an exec replaces is kept
 * from its beginning.
 */
#include "tools/trace/iter.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct linux_binprm {
	const char *filename;
};
#pragma clang attribute pop

static __always_inline void begin_exec(struct task_struct *task, const struct pt_regs *regs,
				       __u32 abi, __u8 rule)
{
	struct exec *exec = bpf_task_storage_get(&execs, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);

	if (!exec)
		return;
	arch_args(regs, abi, exec->args);
	exec->tid = (__u32)task->pid;
	exec->has_path = bpf_probe_read_user_str(exec->path, sizeof(exec->path),
						 (const void *)exec_path(exec->args, rule)) > 0;
}

/* The path of an exec as the kernel has it, if it could not be read at the beginning. */
SEC("tp_btf/sched_process_exec")
int replaced(__u64 *ctx)
{
	struct linux_binprm *bprm = (struct linux_binprm *)ctx[2];
	struct exec *exec = find_exec(bpf_get_current_task_btf());

	if (exec && !exec->has_path)
		exec->has_path = bpf_probe_read_kernel_str(exec->path, sizeof(exec->path),
							   bprm->filename) > 0;
	return 0;
}

/* Returns the bytes of text. */
static __always_inline __u32 end_exec(struct skep_trace_event *e, struct task_struct *task,
				      __u8 rule, long result)
{
	__u32 len = fill_exec(e, task, rule);

	bpf_task_storage_delete(&execs, task);
	/* One that failed has left everything where it was. */
	if (!len && result && !(e->flags & TRACE_NO_ARGS))
		len = read_strings(e, rule & (1 << exec_path_arg(rule)));
	return len;
}

SEC("tp_btf/sys_enter")
int enter(__u64 *ctx)
{
	struct pt_regs *regs = (struct pt_regs *)ctx[0];
	struct task_struct *task = bpf_get_current_task_btf();
	struct skep_trace_task *t = find_task(task);
	__s32 nr = (__s32)ctx[1];
	__u32 abi;
	__u8 rule;

	if (!t)
		return 0;
	abi = arch_abi(task, &nr);
	rule = rule_of(abi, nr);
	if (t->flags & TRACE_TASK_ARMED && !(rule & TRACE_RULE_EXEC))
		return 0;
	if (rule & TRACE_RULE_EXEC)
		begin_exec(task, regs, abi, rule);
	t->nr = nr;
	t->abi = abi;
	t->flags = TRACE_TASK_IN_CALL;
	t->start = bpf_ktime_get_ns();
	return 0;
}

SEC("tp_btf/sys_exit")
int leave(__u64 *ctx)
{
	struct pt_regs *regs = (struct pt_regs *)ctx[0];
	struct task_struct *task = bpf_get_current_task_btf();
	struct skep_trace_task *t = find_task(task);
	struct skep_trace_event *e;
	__u32 len = 0;
	__u64 end;
	__u8 rule;

	/* A new task leaves the fork that made it, which it never entered. */
	if (!t || !(t->flags & (TRACE_TASK_IN_CALL | TRACE_TASK_FRESH)))
		return 0;
	end = bpf_ktime_get_ns();
	if (!(t->flags & TRACE_TASK_IN_CALL))
		adopt_call(t, task, regs);
	e = SKEP_RESERVE(events);
	if (e) {
		rule = rule_of(t->abi, t->nr);
		fill_task(e, task);
		fill_call(e, t, regs, end, 0);
		if (rule & TRACE_RULE_EXEC)
			len = end_exec(e, task, rule, (long)ctx[1]);
		else if (rule)
			len = read_strings(e, rule);
		e->result = (__s64)ctx[1];
		SKEP_SUBMIT_LEN(events, e, TRACE_EVENT_HEAD + len);
	}
	t->flags = 0;
	return 0;
}

/* The child does not run yet, so it is in no call, even if `mark` has just found it. */
SEC("tp_btf/sched_process_fork")
int forked(__u64 *ctx)
{
	struct skep_trace_task *born;

	if (!find_task(bpf_get_current_task_btf()))
		return 0;
	born = follow_task((struct task_struct *)ctx[1], 0);
	if (!born)
		return 0;
	born->flags = 0;
	count_task(born);
	return 0;
}

/* The end of a task: the call that it is in, exit or exit_group, does not return. */
SEC("tp_btf/sched_process_exit")
int ended(__u64 *ctx)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct skep_trace_task *t = find_task(task);
	struct skep_trace_event *e;

	(void)ctx;
	if (!t)
		return 0;
	if (t->flags & TRACE_TASK_IN_CALL) {
		e = SKEP_RESERVE(events);
		if (e) {
			fill_task(e, task);
			fill_call(e, t, (const struct pt_regs *)bpf_task_pt_regs(task),
				  bpf_ktime_get_ns(), TRACE_NO_RETURN);
			e->result = 0;
			e->unreadable = rule_of(t->abi, t->nr) & ~TRACE_RULE_EXEC;
			SKEP_SUBMIT_LEN(events, e, TRACE_EVENT_HEAD);
		}
		t->flags = 0;
	}
	uncount_task(t);
	return 0;
}
