// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

const volatile __u32 pid;    /* whose calls are of interest */
const volatile __s64 number; /* of the call: write(2) */

/* How large writes are: element n has those of 2^n bytes and of less than twice as many. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 64);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, __u64);
} writes SEC(".maps");

/* The tracepoint's format: /sys/kernel/tracing/events/raw_syscalls/sys_enter/format */
struct sys_enter {
	__u64 common;
	__s64 number;
	__u64 args[6];
};

SEC("tracepoint/raw_syscalls/sys_enter")
int on_enter(struct sys_enter *ctx)
{
	__u64 *times;
	__u32 power;

	if (skep_pid() != pid || ctx->number != number)
		return 0;
	power = skep_log2(ctx->args[2]);
	times = skep_map_lookup(&writes, &power);
	if (times)
		__sync_fetch_and_add(times, 1);
	return 0;
}
