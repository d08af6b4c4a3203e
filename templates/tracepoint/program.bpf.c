// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>
#include <skep/bpf/contexts.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct event {
	__u32 pid;
	char comm[16];
	char file[128];
};

SKEP_EMIT_RING(events, struct event, 256 * 1024);

const volatile __u32 only_pid; /* 0: every process */

SEC("tracepoint/syscalls/sys_enter_openat")
int on_openat(struct trace_event_raw_sys_enter *ctx)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;
	struct event *e;

	if (only_pid && pid != only_pid)
		return 0;
	e = SKEP_RESERVE(events);
	if (!e)
		return 0;
	e->pid = pid;
	bpf_get_current_comm(e->comm, sizeof(e->comm));
	if (bpf_probe_read_user_str(e->file, sizeof(e->file), (const void *)ctx->args[1]) < 0)
		e->file[0] = '\0';
	SKEP_SUBMIT(events, e);
	return 0;
}
