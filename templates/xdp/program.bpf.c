// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/udp.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

const volatile __u16 port;

/* By what became of them: XDP_DROP or XDP_PASS. */
SKEP_MAP(packets, PERCPU_ARRAY, __u32, __u64, XDP_REDIRECT + 1);

static bool is_unwanted(struct xdp_md *ctx)
{
	void *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;
	struct iphdr *ip = (void *)(eth + 1);
	struct udphdr *udp = (void *)(ip + 1);

	/* An IP header with options is longer: such a packet passes. */
	if ((void *)(udp + 1) > end || eth->h_proto != bpf_htons(ETH_P_IP) || ip->ihl != 5)
		return false;
	return ip->protocol == IPPROTO_UDP && udp->dest == bpf_htons(port);
}

SEC("xdp")
int filter(struct xdp_md *ctx)
{
	__u32 action = is_unwanted(ctx) ? XDP_DROP : XDP_PASS;
	__u64 *count = bpf_map_lookup_elem(&packets, &action);

	if (count)
		++*count;
	return action;
}
