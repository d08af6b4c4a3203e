// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Drops packets that are too short, counts them, and reports each. drop.test.bpf.c tests it. */
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct event {
	__u32 len;
	__u32 ifindex;
};

SKEP_EMIT_RING(events, struct event, 1 << 16);

const volatile __u32 min_len = 60;
__u64 dropped;

SEC("xdp")
int drop(struct xdp_md *ctx)
{
	__u32 len = ctx->data_end - ctx->data;
	struct event *e;

	if (len >= min_len)
		return XDP_PASS;
	__sync_fetch_and_add(&dropped, 1);
	e = SKEP_RESERVE(events);
	if (!e)
		return XDP_DROP;
	e->len = len;
	e->ifindex = ctx->ingress_ifindex;
	SKEP_SUBMIT(events, e);
	return XDP_DROP;
}
