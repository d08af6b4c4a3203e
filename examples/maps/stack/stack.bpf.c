// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

const volatile __u32 pid; /* whose calls are of interest */

struct {
	__uint(type, BPF_MAP_TYPE_STACK);
	__uint(max_entries, 16);
	__type(value, __u64);
} calls SEC(".maps");

/* Keeps the numbers of the calls, in their order. */
SEC("raw_tp/sys_enter")
int keep(struct bpf_raw_tracepoint_args *ctx)
{
	__u64 number = ctx->args[1];

	if (bpf_get_current_pid_tgid() >> 32 == pid)
		bpf_map_push_elem(&calls, &number, BPF_EXIST);
	return 0;
}
