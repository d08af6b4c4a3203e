// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

const volatile __u32 pid; /* whose calls are of interest */

struct {
	__uint(type, BPF_MAP_TYPE_BLOOM_FILTER);
	__uint(max_entries, 64);
	__type(value, __s64);
	__uint(map_extra, 3); /* hash functions */
} known SEC(".maps");

__u64 unknown; /* calls that are surely not in the filter */

SEC("raw_tp/sys_enter")
int check(struct bpf_raw_tracepoint_args *ctx)
{
	__s64 number = ctx->args[1];

	if (bpf_get_current_pid_tgid() >> 32 == pid && bpf_map_peek_elem(&known, &number))
		__sync_fetch_and_add(&unknown, 1);
	return 0;
}
