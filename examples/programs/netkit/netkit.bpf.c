// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/packet.h>
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

__u16 port; /* packets to it are dropped */
__u64 dropped;

/* What the primary end sends, before the other end has it; the decisions are those of tcx. */
SEC("netkit/primary")
int drop_port(struct __sk_buff *ctx)
{
	struct skep_cursor c = SKEP_CURSOR(ctx);
	struct skep_packet p;

	if (skep_parse(&c, &p) != SKEP_PARSED || p.protocol != SKEP_UDP || p.dst_port != port)
		return TCX_PASS;
	__sync_fetch_and_add(&dropped, 1);
	return TCX_DROP;
}
