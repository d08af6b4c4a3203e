// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/packet.h>
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* linux/pkt_cls.h */
#define TC_ACT_OK   0
#define TC_ACT_SHOT 2

__u16 port;
__u64 packets;

/* What is done with packets that a filter has chosen; every second one to the port is dropped. */
SEC("action")
int drop_half(struct __sk_buff *ctx)
{
	struct skep_cursor c = SKEP_CURSOR(ctx);
	struct skep_packet p;

	if (skep_parse(&c, &p) != SKEP_PARSED || p.protocol != SKEP_UDP || p.dst_port != port)
		return TC_ACT_OK;
	return packets++ % 2 ? TC_ACT_SHOT : TC_ACT_OK;
}
