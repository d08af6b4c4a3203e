// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

#define HEADERS 34 /* bytes of Ethernet and IPv4 */

/* A buffer for each CPU, which the reader makes: keys and values are its files. */
struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
} packets SEC(".maps");

/* A record is the packet's length, behind which the kernel puts the packet's first bytes. */
SEC("xdp")
int capture(struct xdp_md *ctx)
{
	__u32 length = ctx->data_end - ctx->data;

	if (length >= HEADERS)
		bpf_perf_event_output(ctx, &packets, BPF_F_CURRENT_CPU | (__u64)HEADERS << 32,
				      &length, sizeof(length));
	return XDP_PASS;
}
