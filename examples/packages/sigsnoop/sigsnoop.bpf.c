// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

#define MAX_WAITING 10240

/**
 * @brief Signals that processes send, and what came of it.
 * @version 1.0
 */
char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct event {
	__u32 pid, tpid; /* who sends, to whom */
	int sig SKEP_AS(signal);
	int ret SKEP_AS(errno);
	char comm[16];
};

/// @cmdarg {"long": "pid", "short": "p", "help": "only what this process sends"}
const volatile __u32 filtered_pid = 0;
/// @cmdarg {"long": "signal", "short": "s", "help": "only this signal, by its number"}
const volatile int target_signal = 0;
/// @cmdarg {"long": "failed", "default": false, "help": "only what could not be sent"}
const volatile bool failed_only = false;

/* Calls that have begun, by thread. */
SKEP_MAP(calls, HASH, __u32, struct event, MAX_WAITING);

/* A buffer of perf events, whose records have the type that the variable below points to. */
struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} events SEC(".maps");

struct event *unused_event;

static int begin(__u32 tpid, int sig)
{
	__u64 id = bpf_get_current_pid_tgid();
	__u32 thread = (__u32)id;
	struct event e = { .pid = id >> 32, .tpid = tpid, .sig = sig };

	if (target_signal && sig != target_signal)
		return 0;
	if (filtered_pid && e.pid != filtered_pid)
		return 0;
	bpf_get_current_comm(e.comm, sizeof(e.comm));
	skep_map_update(&calls, &thread, &e, BPF_ANY);
	return 0;
}

static int end(void *ctx, long ret)
{
	__u32 thread = (__u32)bpf_get_current_pid_tgid();
	struct event *e = skep_map_lookup(&calls, &thread);

	if (!e)
		return 0;
	e->ret = ret;
	if (!failed_only || ret < 0)
		bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, e, sizeof(*e));
	skep_map_delete(&calls, &thread);
	return 0;
}

SEC("tp/syscalls/sys_enter_kill")
int enter_kill(struct trace_event_raw_sys_enter *ctx)
{
	return begin((__u32)ctx->args[0], (int)ctx->args[1]);
}

SEC("tp/syscalls/sys_exit_kill")
int exit_kill(struct trace_event_raw_sys_exit *ctx)
{
	return end(ctx, ctx->ret);
}

SEC("tp/syscalls/sys_enter_tkill")
int enter_tkill(struct trace_event_raw_sys_enter *ctx)
{
	return begin((__u32)ctx->args[0], (int)ctx->args[1]);
}

SEC("tp/syscalls/sys_exit_tkill")
int exit_tkill(struct trace_event_raw_sys_exit *ctx)
{
	return end(ctx, ctx->ret);
}

SEC("tp/syscalls/sys_enter_tgkill")
int enter_tgkill(struct trace_event_raw_sys_enter *ctx)
{
	return begin((__u32)ctx->args[1], (int)ctx->args[2]);
}

SEC("tp/syscalls/sys_exit_tgkill")
int exit_tgkill(struct trace_event_raw_sys_exit *ctx)
{
	return end(ctx, ctx->ret);
}
