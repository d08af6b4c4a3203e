// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/packet.h>
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct frame {
	struct skep_eth eth;
	__u8 flow;
};

/* Each CPU that takes packets over, with the length of its queue and what runs there first. */
struct {
	__uint(type, BPF_MAP_TYPE_CPUMAP);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, struct bpf_cpumap_val);
} cpus SEC(".maps");

const volatile __u32 n_cpus = 1;

__u64 frames, at_home;

/* The packets of a flow stay in order, as all of them go to one CPU. */
SEC("xdp")
int spread(struct xdp_md *ctx)
{
	struct skep_cursor c = SKEP_CURSOR(ctx);
	struct frame *frame = skep_take(&c, struct frame);

	return frame ? (int)bpf_redirect_map(&cpus, frame->flow % n_cpus, XDP_PASS) : XDP_PASS;
}

/* There, before the kernel makes a packet of it. */
SEC("xdp/cpumap")
int arrive(struct xdp_md *ctx)
{
	struct skep_cursor c = SKEP_CURSOR(ctx);
	struct frame *frame = skep_take(&c, struct frame);

	if (!frame)
		return XDP_PASS;
	if (frame->flow % n_cpus == bpf_get_smp_processor_id())
		__sync_fetch_and_add(&at_home, 1);
	__sync_fetch_and_add(&frames, 1);
	return XDP_PASS;
}
