/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* How a record is filled. */
#ifndef SKEP_TRACE_RECORD_BPF_H
#define SKEP_TRACE_RECORD_BPF_H

#include "tools/trace/state.bpf.h"

static __always_inline void fill_task(struct skep_trace_event *e, const struct task_struct *task)
{
	e->pid = (__u32)task->tgid;
	e->tid = (__u32)task->pid;
	((__u64 *)e->comm)[0] = ((const __u64 *)task->comm)[0];
	((__u64 *)e->comm)[1] = ((const __u64 *)task->comm)[1];
}

static __always_inline void fill_call(struct skep_trace_event *e, const struct skep_trace_task *t,
				      const struct pt_regs *regs, __u64 end, __u8 flags)
{
	bool seen = t->flags & TRACE_TASK_IN_CALL;

	e->end = end;
	e->start = seen ? t->start : 0;
	e->nr = t->nr;
	e->abi = (__u8)t->abi;
	e->flags = seen ? flags : flags | TRACE_NO_START;
	e->strings = e->unreadable = 0;
	arch_args(regs, t->abi, e->args);
}

/* A call that was not seen to begin: what it is stands in the registers. */
static __always_inline void adopt_call(struct skep_trace_task *t, const struct task_struct *task,
				       const struct pt_regs *regs)
{
	__s32 nr = arch_nr(regs);

	t->abi = arch_abi(task, &nr);
	t->nr = nr;
}

/*
 * Notes a string of @len bytes, as bpf_probe_read_*_str returned it. Returns the bytes it took.
 * Before 6.13 that was 0 for the empty string, whose NUL was copied all the same.
 */
static __always_inline __u32 add_string(struct skep_trace_event *e, __u32 arg, long len)
{
	if (len < 0 || len > TRACE_STRING_MAX) {
		e->unreadable |= 1 << arg;
		return 0;
	}
	e->strings |= 1 << arg;
	return len ? (__u32)len : 1;
}

/*
 * The current task's strings. Returns the bytes of text. They are counted in the record, where
 * its result will be, because the verifier takes what it reads from a map to be anything: it need
 * not follow all the ways in which the sum comes about, and to load it takes 1.5 ms instead of 4.6.
 */
static __always_inline __u32 read_strings(struct skep_trace_event *e, __u8 rule)
{
	volatile __s64 *used = &e->result;

	*used = 0;
	for (__u32 i = 0; i < TRACE_N_ARGS; i++) {
		__u64 at = (__u64)*used;

		if (!(rule & (1 << i)) || !e->args[i])
			continue;
		if (at > (TRACE_N_STRINGS - 1) * TRACE_STRING_MAX)
			break;
		*used = at + add_string(e, i,
					bpf_probe_read_user_str(e->text + at, TRACE_STRING_MAX,
								(const void *)e->args[i]));
	}
	return (__u32)*used;
}

/* An exec's path is its first argument, or its second after a descriptor. */
static __always_inline __u32 exec_path_arg(__u8 rule)
{
	return rule & 1 ? 0 : 1;
}

static __always_inline __u64 exec_path(const __u64 *args, __u8 rule)
{
	return rule & 1 ? args[0] : args[1];
}

/* An exec's arguments are those it had at its beginning. Returns the bytes of text. */
static __always_inline __u32 fill_exec(struct skep_trace_event *e, struct task_struct *task,
				       __u8 rule)
{
	struct exec *exec = find_exec(task);

	if (!exec) {
		if (!(e->flags & TRACE_NO_START))
			e->flags |= TRACE_NO_ARGS;
		return 0;
	}
	__builtin_memcpy(e->args, exec->args, sizeof(e->args));
	e->tid = exec->tid;
	if (!exec->has_path)
		return 0;
	return add_string(e, exec_path_arg(rule),
			  bpf_probe_read_kernel_str(e->text, TRACE_STRING_MAX, exec->path));
}

#endif
