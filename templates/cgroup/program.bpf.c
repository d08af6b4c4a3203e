// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

enum { DROP, PASS };

__u64 limit = ~0ull; /* bytes; may be changed while it runs */
__u64 sent, dropped;

SEC("cgroup_skb/egress")
int count(struct __sk_buff *skb)
{
	if (sent + skb->len > limit) {
		__sync_fetch_and_add(&dropped, skb->len);
		return DROP;
	}
	__sync_fetch_and_add(&sent, skb->len);
	return PASS;
}
