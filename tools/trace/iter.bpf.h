/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The two walks over all tasks: who is traced when the trace begins, who is in a call at its end.
 */
#ifndef SKEP_TRACE_ITER_BPF_H
#define SKEP_TRACE_ITER_BPF_H

#include "tools/trace/record.bpf.h"

/* include/linux/sched.h */
#define PF_EXITING     0x00000004
#define PF_IO_WORKER   0x00000010
#define PF_USER_WORKER 0x00004000
#define PF_KTHREAD     0x00200000
#define PF_NO_CALLS    (PF_IO_WORKER | PF_USER_WORKER | PF_KTHREAD) /* they never were outside */

#define PAGE 4096 /* the smallest: a larger page is read in pieces */

/*
 * Counts the tasks that the user side has marked, and marks their threads and children. Walked
 * until a walk adds none, so that grandchildren are found whatever their numbers are. What is
 * forked meanwhile inherits its mark, if its parent has one already, or is found by the next walk.
 */
SEC("iter/task")
int mark(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct skep_trace_task *t;

	if (!task || task->tgid == bpf_get_current_task_btf()->tgid || task->flags & PF_EXITING)
		return 0;
	t = find_task(task);
	if (!t && (find_task(task->group_leader) || find_task(task->real_parent)))
		t = follow_task(task, TRACE_TASK_FRESH);
	if (!t || t->counted)
		return 0;
	count_task(t);
	marked++;
	/* If it has passed its end meanwhile, nobody else would take it off the count. */
	if (task->flags & PF_EXITING)
		uncount_task(t);
	return 0;
}

/* Twice the longest string, so that any two pieces of one fit for the verifier. */
static char pages[TRACE_N_STRINGS][2 * TRACE_STRING_MAX];

/* Reads a string of another task, page by page, as the next page may not be there. */
static __always_inline bool fetch_string(char *to, struct task_struct *task, __u64 from)
{
	__u32 first = PAGE - (from & (PAGE - 1));

	if (bpf_copy_from_user_task(to, first, (const void *)from, task, 0))
		return false;
	/* What cannot be read is zeroed by the helper. */
	bpf_copy_from_user_task(to + first, PAGE - (first & (PAGE - 1)),
				(const void *)(from + first), task, 0);
	return true;
}

/*
 * Where the walk is among a task's strings. In a map, so that the verifier takes each to be
 * anything and need not follow all the ways in which they come about: 3 ms instead of 220.
 */
static volatile struct {
	__u32 n;       /* strings that were fetched or could not be */
	__u32 fetched; /* bit i: argument i is in pages */
	__u32 used;    /* bytes of text */
} at;

/* Fetches before a record is reserved, because fetching may sleep. */
static __always_inline void fetch_strings(struct task_struct *task, const __u64 *args, __u8 rule)
{
	at.n = at.fetched = 0;
	for (__u32 i = 0; i < TRACE_N_ARGS; i++) {
		__u32 n = at.n;

		if (!(rule & (1 << i)) || !args[i])
			continue;
		if (n >= TRACE_N_STRINGS)
			break;
		if (fetch_string(pages[n], task, args[i]))
			at.fetched |= 1 << i;
		at.n = n + 1;
	}
}

/* Returns the bytes of text. */
static __always_inline __u32 copy_strings(struct skep_trace_event *e, __u8 rule)
{
	at.n = at.used = 0;
	for (__u32 i = 0; i < TRACE_N_ARGS; i++) {
		__u32 n = at.n, used = at.used;
		long len = -1;

		if (!(rule & (1 << i)) || !e->args[i])
			continue;
		if (n >= TRACE_N_STRINGS || used > (TRACE_N_STRINGS - 1) * TRACE_STRING_MAX)
			break;
		if (at.fetched & (1 << i))
			len = bpf_probe_read_kernel_str(e->text + used, TRACE_STRING_MAX, pages[n]);
		at.used = used + add_string(e, i, len);
		at.n = n + 1;
	}
	return at.used;
}

/* Calls that are going on. Walked once, when the other hooks are detached. */
SEC("iter.s/task")
int unfinished(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct skep_trace_task *t = task ? find_task(task) : 0;
	struct pt_regs *regs;
	struct skep_trace_event *e;
	__u64 args[TRACE_N_ARGS];
	__u32 len;
	__u8 rule;

	if (!t || !(t->flags & (TRACE_TASK_IN_CALL | TRACE_TASK_FRESH)))
		return 0;
	regs = (struct pt_regs *)bpf_task_pt_regs(task);
	if (!(t->flags & TRACE_TASK_IN_CALL)) {
		/* A running task may be out of the call that its registers still tell of. */
		if (!task->__state || task->flags & PF_NO_CALLS || arch_nr(regs) < 0)
			return 0;
		adopt_call(t, task, regs);
	}
	rule = rule_of(t->abi, t->nr);
	arch_args(regs, t->abi, args);
	if (!(rule & TRACE_RULE_EXEC))
		fetch_strings(task, args, rule);
	e = SKEP_RESERVE(events);
	if (!e)
		return 0;
	fill_task(e, task);
	fill_call(e, t, regs, bpf_ktime_get_ns(), TRACE_BLOCKED);
	e->result = 0;
	len = rule & TRACE_RULE_EXEC ? fill_exec(e, task, rule) : copy_strings(e, rule);
	SKEP_SUBMIT_LEN(events, e, TRACE_EVENT_HEAD + len);
	return 0;
}

#endif
