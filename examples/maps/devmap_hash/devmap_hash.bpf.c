// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/packet.h>
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* The interface of each VLAN: an array would need room for all 4096. */
struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u32);
} by_vlan SEC(".maps");

__u64 strangers;

SEC("xdp")
int distribute(struct xdp_md *ctx)
{
	struct skep_cursor c = SKEP_CURSOR(ctx);
	struct skep_packet p;
	long verdict;

	skep_parse(&c, &p);
	if (!p.vlans)
		return XDP_PASS;
	verdict = bpf_redirect_map(&by_vlan, p.vlan[0] & 0xfff, XDP_DROP);
	if (verdict == XDP_DROP)
		__sync_fetch_and_add(&strangers, 1);
	return (int)verdict;
}
