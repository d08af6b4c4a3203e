// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

const volatile __u32 pid; /* whose calls are of interest */

struct event {
	__u64 time;
	__u32 pid, cpu;
	__s64 number;
};

/* A ring buffer with counters of what is lost, and a reader that is not woken for each record. */
SKEP_EMIT_RING(events, struct event, 1 << 16);

SEC("raw_tp/sys_enter")
int report(struct bpf_raw_tracepoint_args *ctx)
{
	struct event *e;

	if (bpf_get_current_pid_tgid() >> 32 != pid)
		return 0;
	e = SKEP_RESERVE(events);
	if (!e)
		return 0;
	e->time = bpf_ktime_get_ns();
	e->pid = pid;
	e->cpu = bpf_get_smp_processor_id();
	e->number = ctx->args[1];
	SKEP_SUBMIT(events, e);
	return 0;
}
