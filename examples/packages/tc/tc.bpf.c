// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/packet.h>
#include <skep/bpf/skep.h>

/**
 * @brief Packets of IP that come to an interface.
 * @version 1.0
 */
char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct packet {
	__u32 ifindex;
	__u32 len SKEP_AS(bytes);
	__u16 ethertype SKEP_AS(hex);
	__u8 protocol;
	__u16 src_port, dst_port;
};

SKEP_EMIT_RING(packets, struct packet, 256 * 1024);

/// @tchook {"ifindex": 1, "attach_point": "BPF_TC_INGRESS"}
/// @tcopts {"handle": 1, "priority": 1}
SEC("tc")
int on_ingress(struct __sk_buff *ctx)
{
	struct skep_cursor c = SKEP_CURSOR(ctx);
	struct packet record = { .ifindex = ctx->ifindex, .len = ctx->len };
	struct skep_packet p;

	if (skep_parse(&c, &p) != SKEP_PARSED)
		return TC_ACT_OK;
	record.ethertype = bpf_ntohs(ctx->protocol);
	record.protocol = p.protocol;
	record.src_port = p.src_port;
	record.dst_port = p.dst_port;
	SKEP_EMIT(packets, &record);
	return TC_ACT_OK;
}
