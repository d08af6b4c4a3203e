// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

const volatile __s64 number; /* of the call to count */

/* Its values are file descriptors of cgroups' folders. */
SKEP_MAP(groups, CGROUP_ARRAY, __u32, __u32, 2);

__u64 calls[2];

/* Counts calls of processes in each of the groups, or in any group below it. */
SEC("raw_tp/sys_enter")
int count(struct bpf_raw_tracepoint_args *ctx)
{
	if ((__s64)ctx->args[1] != number)
		return 0;
	if (bpf_current_task_under_cgroup(&groups, 0) == 1)
		__sync_fetch_and_add(&calls[0], 1);
	if (bpf_current_task_under_cgroup(&groups, 1) == 1)
		__sync_fetch_and_add(&calls[1], 1);
	return 0;
}
