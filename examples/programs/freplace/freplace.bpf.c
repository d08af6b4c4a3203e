// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/packet.h>
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

__u16 port;

/* For others to put their own in its place; until then every packet passes. */
__weak int judge(struct xdp_md *ctx)
{
	return XDP_PASS;
}

SEC("xdp")
int dispatch(struct xdp_md *ctx)
{
	return judge(ctx);
}

/* Not loaded with the others, but for a function of a program that is running already. */
SEC("?freplace/judge")
int drop_port(struct xdp_md *ctx)
{
	struct skep_cursor c = SKEP_CURSOR(ctx);
	struct skep_packet p;

	if (skep_parse(&c, &p) != SKEP_PARSED || p.protocol != SKEP_UDP || p.dst_port != port)
		return XDP_PASS;
	return XDP_DROP;
}
