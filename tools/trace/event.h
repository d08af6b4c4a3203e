/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What trace.bpf.c and the user side share: the record, and what is kept for a traced task. */
#ifndef SKEP_TRACE_EVENT_H
#define SKEP_TRACE_EVENT_H

/* Programs have the same types from skep/bpf/helpers.h. */
#ifndef __bpf__
#include <linux/types.h>
#endif

#define TRACE_N_ARGS	 6
#define TRACE_STRING_MAX 4096 /* with its NUL; PATH_MAX */
#define TRACE_N_STRINGS	 3    /* request_key(2) has that many, no call has more */

/* By which convention a call came in. Compat is i386 on x86-64, arm on arm64. */
enum skep_trace_abi { TRACE_ABI_NATIVE, TRACE_ABI_COMPAT, TRACE_ABI_X32 };

/*
 * What the programs know of a call, one byte a number: bit i says that argument i is a string.
 * Numbers from TRACE_N_RULES on are unknown to every kernel.
 */
#define TRACE_N_RULES	1024
#define TRACE_RULE_EXEC 0x80 /* execve, execveat: arguments are gone when it returns */

/* Why a record is not that of a whole call. */
enum skep_trace_flag {
	TRACE_NO_RETURN = 1 << 0, /* the task ended in the call: exit, exit_group */
	TRACE_BLOCKED = 1 << 1,	  /* it was still going on when the trace stopped */
	TRACE_NO_START = 1 << 2,  /* it had begun before the trace: `start` is 0 */
	TRACE_NO_ARGS = 1 << 3,	  /* there was no memory to keep the arguments of an exec */
};

/* One system call. The strings follow each other, each with its NUL, in the arguments' order. */
struct skep_trace_event {
	__u64 end;   /* CLOCK_MONOTONIC, ns; rings are merged by it */
	__u64 start; /* the same clock */
	__s64 result;
	__u64 args[TRACE_N_ARGS];
	__u32 pid, tid; /* process and thread, as the initial namespace numbers them */
	char comm[16];
	__s32 nr; /* without the bit that marks x32 */
	__u8 abi;
	__u8 flags;
	__u8 strings;	 /* bit i: argument i is a string and is among `text` */
	__u8 unreadable; /* bit i: argument i is a string whose memory could not be read */
	char text[TRACE_N_STRINGS * TRACE_STRING_MAX];
};

#define TRACE_EVENT_HEAD __builtin_offsetof(struct skep_trace_event, text)

/* The state of a traced task, in task storage. */
enum skep_trace_task_flag {
	TRACE_TASK_IN_CALL = 1 << 0,
	TRACE_TASK_FRESH = 1 << 1, /* marked while it ran: it may be in a call that was not seen */
	TRACE_TASK_ARMED = 1 << 2, /* a command that has not yet begun: traced from its execve on */
};

struct skep_trace_task {
	__u64 start;
	__s32 nr;
	__u32 abi;
	__u32 flags;
	__u32 counted; /* in `live` */
};

#endif
