/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What the programs know: which tasks are traced, in which call each is, what an exec was given. */
#ifndef SKEP_TRACE_STATE_BPF_H
#define SKEP_TRACE_STATE_BPF_H

#include <skep/bpf/helpers.h>
#include <skep/bpf/emit.h>

#include "tools/trace/arch.bpf.h"

/* Rules of native calls (x32 numbers its own from 512 on), and of compat calls. */
const volatile __u8 rules[2][TRACE_N_RULES];

/* Traced tasks that have not ended, and tasks that could not be followed. */
__u64 live, unfollowed;

/* How many tasks `mark` has added. */
__u64 marked;

SKEP_EMIT_PERCPU(events, struct skep_trace_event, 2 * 1024 * 1024);

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct skep_trace_task);
} tasks SEC(".maps");

/* What an exec was given; there while it goes on. */
struct exec {
	__u64 args[TRACE_N_ARGS];
	__u32 tid; /* an exec gives its thread the process's number */
	__u32 has_path;
	char path[TRACE_STRING_MAX];
};

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct exec);
} execs SEC(".maps");

static __always_inline struct skep_trace_task *find_task(struct task_struct *task)
{
	return bpf_task_storage_get(&tasks, task, 0, 0);
}

static __always_inline struct exec *find_exec(struct task_struct *task)
{
	return bpf_task_storage_get(&execs, task, 0, 0);
}

/* Each task is counted once, whoever comes first at its end. */
static __always_inline void count_task(struct skep_trace_task *t)
{
	if (!__sync_lock_test_and_set(&t->counted, 1))
		__sync_fetch_and_add(&live, 1);
}

static __always_inline void uncount_task(struct skep_trace_task *t)
{
	if (__sync_lock_test_and_set(&t->counted, 0))
		__sync_fetch_and_add(&live, -1);
}

/* Two may want to make the entry at the same time: the kernel gives the later one nothing. */
static __always_inline struct skep_trace_task *follow_task(struct task_struct *task, __u32 flags)
{
	struct skep_trace_task fresh = { .flags = flags };
	struct skep_trace_task *t;

	t = bpf_task_storage_get(&tasks, task, &fresh, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!t)
		t = find_task(task);
	if (!t)
		__sync_fetch_and_add(&unfollowed, 1);
	return t;
}

static __always_inline __u8 rule_of(__u32 abi, __s32 nr)
{
	if ((__u32)nr >= TRACE_N_RULES)
		return 0;
	return rules[abi == TRACE_ABI_COMPAT][nr & (TRACE_N_RULES - 1)];
}

#endif
