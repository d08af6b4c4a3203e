// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The floor of syscall tracing: both hooks, a constant filter, and nothing done. */
#include <skep/bpf/helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

const volatile unsigned int only_pid = 0;
volatile unsigned long long hits;

SEC("raw_tp/sys_enter")
int enter(void *ctx)
{
	(void)ctx;
	if (bpf_get_current_pid_tgid() >> 32 == only_pid)
		return 0;
	return 0;
}

SEC("raw_tp/sys_exit")
int leave(void *ctx)
{
	(void)ctx;
	if (bpf_get_current_pid_tgid() >> 32 == only_pid)
		return 0;
	return 0;
}
