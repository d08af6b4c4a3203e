// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} sockets SEC(".maps");

__u64 messages, dropped;

/* How long the message is that begins the packet: a byte that tells, and so many more. */
SEC("sk_skb/stream_parser")
int parse(struct __sk_buff *skb)
{
	__u8 len;

	if (bpf_skb_load_bytes(skb, 0, &len, 1))
		return 0; /* not known yet */
	return 1 + len;
}

/* What becomes of a message, which is whole now, in however many pieces it came. */
SEC("sk_skb/stream_verdict")
int judge(struct __sk_buff *skb)
{
	char first = 0;

	__sync_fetch_and_add(&messages, 1);
	bpf_skb_load_bytes(skb, 1, &first, 1);
	if (first != '!')
		return SK_PASS;
	__sync_fetch_and_add(&dropped, 1);
	return SK_DROP;
}
