// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/packet.h>
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

__u16 port; /* packets to it are dropped */
__u64 dropped;

/* With the packet as the kernel has it: it could be changed, or sent elsewhere. */
SEC("tc/ingress")
int drop_port(struct __sk_buff *ctx)
{
	struct skep_cursor c = SKEP_CURSOR(ctx);
	struct skep_packet p;

	if (skep_parse(&c, &p) != SKEP_PARSED || p.protocol != SKEP_UDP || p.dst_port != port)
		return TC_ACT_OK;
	__sync_fetch_and_add(&dropped, 1);
	return TC_ACT_SHOT;
}
