// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

const volatile __u32 pid;    /* whose calls are of interest */
const volatile __u64 number; /* of the call to count */

__u64 calls;

SEC("raw_tp/sys_enter")
int on_enter(struct bpf_raw_tracepoint_args *ctx)
{
	if (bpf_get_current_pid_tgid() >> 32 == pid && ctx->args[1] == number)
		__sync_fetch_and_add(&calls, 1);
	return 0;
}
