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

/* Not on the stack: Linux 7.2 takes what bpf_map_peek_elem is given there for unused. */
static __s64 number;

SEC("raw_tp/sys_enter")
int check(struct bpf_raw_tracepoint_args *ctx)
{
	if (bpf_get_current_pid_tgid() >> 32 != pid)
		return 0;
	number = ctx->args[1];
	if (bpf_map_peek_elem(&known, &number))
		__sync_fetch_and_add(&unknown, 1);
	return 0;
}
