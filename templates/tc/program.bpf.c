// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/pkt_cls.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct traffic {
	__u64 packets, bytes;
};

/* By number of the protocol: /etc/protocols. */
SKEP_MAP(traffic, HASH, __u8, struct traffic, 256);

/* The protocol above IP; -1: it is no IP packet. */
static int protocol_of(struct __sk_buff *skb)
{
	struct ipv6hdr ip6;
	struct iphdr ip;

	if (skb->protocol == bpf_htons(ETH_P_IP) &&
	    !bpf_skb_load_bytes(skb, ETH_HLEN, &ip, sizeof(ip)))
		return ip.protocol;
	if (skb->protocol == bpf_htons(ETH_P_IPV6) &&
	    !bpf_skb_load_bytes(skb, ETH_HLEN, &ip6, sizeof(ip6)))
		return ip6.nexthdr;
	return -1;
}

SEC("tc/ingress")
int count(struct __sk_buff *skb)
{
	const struct traffic none = { 0 };
	int protocol = protocol_of(skb);
	struct traffic *t;
	__u8 key = protocol;

	if (protocol < 0)
		return TC_ACT_UNSPEC;
	bpf_map_update_elem(&traffic, &key, &none, BPF_NOEXIST);
	t = bpf_map_lookup_elem(&traffic, &key);
	if (t) {
		__sync_fetch_and_add(&t->packets, 1);
		__sync_fetch_and_add(&t->bytes, skb->len);
	}
	return TC_ACT_UNSPEC; /* what comes behind decides */
}
