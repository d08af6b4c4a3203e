// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

__u64 reads, writes;

/* Each read and write of a file in /proc/sys; 0 would forbid it. */
SEC("cgroup/sysctl")
int count(struct bpf_sysctl *ctx)
{
	__sync_fetch_and_add(ctx->write ? &writes : &reads, 1);
	return 1;
}
