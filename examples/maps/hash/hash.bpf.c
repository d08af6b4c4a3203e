// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

const volatile __u32 pid; /* whose calls are of interest */

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __s64);
	__type(value, __u64);
} calls SEC(".maps");

/* Counts calls by their number. */
SEC("raw_tp/sys_enter")
int count(struct bpf_raw_tracepoint_args *ctx)
{
	__s64 number = ctx->args[1];
	__u64 *times, one = 1;

	if (bpf_get_current_pid_tgid() >> 32 != pid)
		return 0;
	times = bpf_map_lookup_elem(&calls, &number);
	if (times)
		__sync_fetch_and_add(times, 1);
	else
		bpf_map_update_elem(&calls, &number, &one, BPF_NOEXIST);
	return 0;
}
