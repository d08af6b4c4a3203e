// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

__u64 refused;

/* Each opening of a device: not /dev/full (major 1, minor 7). */
SEC("cgroup/dev")
int not_full(struct bpf_cgroup_dev_ctx *ctx)
{
	if (ctx->major != 1 || ctx->minor != 7)
		return 1;
	__sync_fetch_and_add(&refused, 1);
	return 0;
}
