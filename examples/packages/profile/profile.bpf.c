// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

#define MAX_DEPTH 64

/**
 * @brief Where CPUs spend their time: stacks of the kernel and of processes.
 * @version 1.0
 */
char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct stack_event {
	__u32 pid, cpu_id;
	char comm[16];
	__s32 kstack_sz, ustack_sz; /* in bytes; below zero: why there is none */
	__u64 kstack[MAX_DEPTH];
	__u64 ustack[MAX_DEPTH];
};

/// @cmdarg {"long": "pid", "short": "p", "help": "only this process"}
const volatile __u32 only_pid = 0;

/**
 * @interpreter {"stack_trace": {
 *	"field_map": { "pid": "pid", "cpu_id": "cpu_id", "comm": "comm",
 *		       "kstack_sz": "kstack_sz", "ustack_sz": "ustack_sz",
 *		       "kstack": "kstack", "ustack": "ustack" },
 *	"with_symbols": true }}
 */
SKEP_EMIT_RING(events, struct stack_event, 1024 * 1024);

SEC("perf_event")
int on_tick(struct bpf_perf_event_data *ctx)
{
	struct stack_event *e;

	if (only_pid && skep_pid() != only_pid)
		return 0;
	e = SKEP_RESERVE(events);
	if (!e)
		return 0;
	e->pid = skep_pid();
	e->cpu_id = bpf_get_smp_processor_id();
	bpf_get_current_comm(e->comm, sizeof(e->comm));
	e->kstack_sz = bpf_get_stack(ctx, e->kstack, sizeof(e->kstack), 0);
	e->ustack_sz = bpf_get_stack(ctx, e->ustack, sizeof(e->ustack), BPF_F_USER_STACK);
	SKEP_SUBMIT(events, e);
	return 0;
}
