// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "GPL";

struct pt_regs;

struct call {
	__u64 start, longest; /* nanoseconds */
	__s64 number, longest_number;
};

const volatile __u32 pid; /* whose calls are of interest */

/* Hangs on the threads, and goes when they end. */
struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct call);
} calls SEC(".maps");

SEC("tp_btf/sys_enter")
int BPF_PROG(on_enter, struct pt_regs *regs, long number)
{
	struct call *call;

	if (skep_pid() != pid)
		return 0;
	call = skep_task_storage(&calls, bpf_get_current_task_btf(), NULL,
				 BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (call) {
		call->start = bpf_ktime_get_ns();
		call->number = number;
	}
	return 0;
}

/* What was begun before the program was there has no start. */
SEC("tp_btf/sys_exit")
int BPF_PROG(on_exit, struct pt_regs *regs)
{
	struct call *call;
	__u64 time;

	if (skep_pid() != pid)
		return 0;
	call = skep_task_storage(&calls, bpf_get_current_task_btf(), NULL, 0);
	if (!call || !call->start)
		return 0;
	time = bpf_ktime_get_ns() - call->start;
	if (time > call->longest) {
		call->longest = time;
		call->longest_number = call->number;
	}
	return 0;
}
