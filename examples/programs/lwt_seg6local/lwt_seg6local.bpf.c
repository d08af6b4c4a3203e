// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* The header that names the segments, RFC 8754. */
struct segments {
	__u8 next, len, type, left, last, flags;
	__be16 tag;
};

__u64 packets;
__u32 tag, left;

/* For packets that have come to this segment; their next one is their destination already. */
SEC("lwt_seg6local")
int look(struct __sk_buff *skb)
{
	struct skep_cursor c = SKEP_CURSOR(skb);
	struct skep_ipv6 *ip = skep_take(&c, struct skep_ipv6);
	struct segments *segments = ip ? skep_take(&c, struct segments) : NULL;

	if (!segments)
		return BPF_DROP;
	packets++;
	tag = bpf_ntohs(segments->tag);
	left = segments->left;
	return BPF_OK;
}
