// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

__u64 packets;

/* Of UDP, the packet as the socket sees it: the UDP header and what follows. 0 drops it. */
SEC("socket")
int only_even(struct __sk_buff *skb)
{
	__u8 number = 1;

	__sync_fetch_and_add(&packets, 1);
	bpf_skb_load_bytes(skb, 8, &number, 1);
	return number % 2 ? 0 : skb->len;
}
