// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

__u64 packets, bytes;

/* All that the cgroup's processes receive; 0 would drop it. */
SEC("cgroup_skb/ingress")
int count(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&packets, 1);
	__sync_fetch_and_add(&bytes, skb->len);
	return 1;
}
