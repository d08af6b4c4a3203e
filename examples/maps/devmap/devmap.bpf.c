// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

enum { LEFT, RIGHT };

/* Interfaces, by numbers of our own. */
struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u32);
} ports SEC(".maps");

/* What comes in at one port leaves by the other; if there is none, it takes the usual way. */
SEC("xdp")
int from_left(struct xdp_md *ctx)
{
	return (int)bpf_redirect_map(&ports, RIGHT, XDP_PASS);
}

SEC("xdp")
int from_right(struct xdp_md *ctx)
{
	return (int)bpf_redirect_map(&ports, LEFT, XDP_PASS);
}
