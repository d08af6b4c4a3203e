// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

const volatile __u32 pid;    /* whose calls are of interest */
const volatile __u64 number; /* of the call to count */

/* The tracepoint's format: /sys/kernel/tracing/events/raw_syscalls/sys_enter/format */
struct sys_enter {
	__u64 common;
	__s64 number;
	__u64 args[6];
};

__u64 calls;

SEC("tracepoint/raw_syscalls/sys_enter")
int on_enter(struct sys_enter *ctx)
{
	if (bpf_get_current_pid_tgid() >> 32 == pid && ctx->number == (__s64)number)
		__sync_fetch_and_add(&calls, 1);
	return 0;
}
