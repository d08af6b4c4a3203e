// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* How often a process made each call, by number. */
struct calls {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __s64);
	__type(value, __u64);
};

/* A map for each process that is watched; they come and go while the program runs. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(max_entries, 16);
	__type(key, __u32);
	__array(values, struct calls);
} processes SEC(".maps");

SEC("raw_tp/sys_enter")
int count(struct bpf_raw_tracepoint_args *ctx)
{
	__s64 number = ctx->args[1];
	__u64 *times, none = 0;
	struct calls *calls;
	__u32 pid = skep_pid();

	calls = bpf_map_lookup_elem(&processes, &pid);
	if (!calls)
		return 0;
	times = skep_map_lookup_or_init(calls, &number, &none);
	if (times)
		__sync_fetch_and_add(times, 1);
	return 0;
}
