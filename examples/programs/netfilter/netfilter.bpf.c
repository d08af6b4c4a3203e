// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

__u64 packets;
__u64 drops; /* not 0: no more packets */

SEC("netfilter")
int count(struct bpf_nf_ctx *ctx)
{
	__sync_fetch_and_add(&packets, 1);
	return drops ? NF_DROP : NF_ACCEPT;
}
