// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Packets of hosts. It never gets full: the hosts not heard of for longest are forgotten. */
SKEP_MAP(hosts, LRU_HASH, __be32, __u64, 256);

SEC("xdp")
int count(struct xdp_md *ctx)
{
	struct skep_cursor c = SKEP_CURSOR(ctx);
	struct skep_eth *eth = skep_take(&c, struct skep_eth);
	struct skep_ipv4 *ip = skep_take(&c, struct skep_ipv4);
	__u64 *packets, none = 0;
	__be32 host;

	if (!eth || !ip || eth->type != bpf_htons(SKEP_ETH_IPV4))
		return XDP_PASS;
	host = ip->src;
	packets = skep_map_lookup_or_init(&hosts, &host, &none);
	if (packets)
		__sync_fetch_and_add(packets, 1);
	return XDP_PASS;
}
