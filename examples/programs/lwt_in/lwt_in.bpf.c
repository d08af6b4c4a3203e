// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

__u64 packets;

/* For packets that come in by the route, before they are delivered or forwarded. */
SEC("lwt_in")
int only_short(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&packets, 1);
	return skb->len > 100 ? BPF_DROP : BPF_OK;
}
