// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct flow {
	__be32 source;
	__u16 from, to; /* ports */
};

struct traffic {
	__u64 packets, bytes;
};

/* Each CPU adds to numbers of its own; flows that have ended are forgotten when room is needed. */
SKEP_MAP(flows, LRU_PERCPU_HASH, struct flow, struct traffic, 256);

SEC("xdp")
int count(struct xdp_md *ctx)
{
	struct skep_cursor c = SKEP_CURSOR(ctx);
	struct traffic *traffic, none = { 0 };
	struct skep_packet p;
	struct flow flow;

	if (skep_parse(&c, &p) != SKEP_PARSED || p.protocol != SKEP_UDP || p.ip != 4)
		return XDP_PASS;
	flow = (struct flow){ p.src4, p.src_port, p.dst_port };
	traffic = skep_map_lookup_or_init(&flows, &flow, &none);
	if (traffic) {
		traffic->packets++;
		traffic->bytes += p.length;
	}
	return XDP_PASS;
}
