// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

/**
 * @brief The size of each packet that comes to an interface, before the kernel looks at it.
 * @version 1.0
 */
char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct packet {
	__u32 ifindex, queue;
	__u32 len SKEP_AS(bytes);
};

SKEP_EMIT_RING(packets, struct packet, 256 * 1024);

/// @ifindex 1
/// @flags 0
/// @xdpopts {"old_prog_fd": 0}
SEC("xdp")
int on_packet(struct xdp_md *ctx)
{
	__u64 begin = ctx->data, end = ctx->data_end;
	struct packet record = { .ifindex = ctx->ingress_ifindex,
				 .queue = ctx->rx_queue_index,
				 .len = end - begin };

	SKEP_EMIT(packets, &record);
	return XDP_PASS;
}
