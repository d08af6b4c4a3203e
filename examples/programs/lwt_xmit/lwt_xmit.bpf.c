// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

__be32 end; /* of the tunnel, on both sides */

/* Where packets leave, and may be changed: each gets another IPv4 header, and a way of its own. */
SEC("lwt_xmit")
int wrap(struct __sk_buff *skb)
{
	struct skep_ipv4 outer = { .version_ihl = 0x45,
				   .length = bpf_htons(sizeof(outer) + skb->len),
				   .ttl = 64,
				   .protocol = SKEP_IPIP,
				   .src = end,
				   .dst = end };

	if (bpf_lwt_push_encap(skb, BPF_LWT_ENCAP_IP, &outer, sizeof(outer)))
		return BPF_DROP;
	return BPF_LWT_REROUTE;
}
