// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/log.h>
#include <skep/bpf/skep.h>

/**
 * @brief Says a line for each write(2) of a process.
 * @version 1.0
 */
char LICENSE[] SEC("license") = "Dual MIT/GPL";

/// @cmdarg {"short": "p", "help": "whose writes; 0: everybody's"}
const volatile __u32 pid = 0;

SEC("tp/syscalls/sys_enter_write")
int on_write(struct trace_event_raw_sys_enter *ctx)
{
	if (!pid || skep_pid() == pid)
		skep_info("%d writes %lu bytes", skep_pid(), ctx->args[2]);
	return 0;
}
