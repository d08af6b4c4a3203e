// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

__u16 port; /* of a protocol with flows of its own, whose number is what its packets begin with */

/* Which flow a packet belongs to, for all that share out packets by flow; others to the kernel. */
SEC("flow_dissector")
int flows_by_number(struct __sk_buff *skb)
{
	struct bpf_flow_keys *keys = skb->flow_keys;
	struct skep_cursor c = SKEP_CURSOR(skb);
	struct skep_packet p;
	__be16 *number;

	if (keys->n_proto != bpf_htons(SKEP_ETH_IPV4) || !skep_seek(&c, keys->nhoff) ||
	    skep_parse_ip(&c, SKEP_ETH_IPV4, &p) != SKEP_PARSED || p.protocol != SKEP_UDP ||
	    p.dst_port != port)
		return BPF_FLOW_DISSECTOR_CONTINUE;
	number = skep_take(&c, __be16);
	if (!number)
		return BPF_FLOW_DISSECTOR_CONTINUE;
	keys->addr_proto = SKEP_ETH_IPV4;
	keys->ipv4_src = p.src4;
	keys->ipv4_dst = p.dst4;
	keys->ip_proto = SKEP_UDP;
	keys->thoff = p.l4;
	keys->sport = *number;
	keys->dport = bpf_htons(port);
	return BPF_OK;
}
