// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

enum { WORKERS = 3, UDP_HEADER = 8 };

struct {
	__uint(type, BPF_MAP_TYPE_REUSEPORT_SOCKARRAY);
	__uint(max_entries, WORKERS);
	__type(key, __u32);
	__type(value, __u64);
} workers SEC(".maps");

/* Each customer always comes to the same worker, from whatever address. */
SEC("sk_reuseport")
int choose(struct sk_reuseport_md *ctx)
{
	__u8 customer = 0;
	__u32 worker;

	bpf_skb_load_bytes(ctx, UDP_HEADER, &customer, 1);
	worker = customer % WORKERS;
	bpf_sk_select_reuseport(ctx, &workers, &worker, 0);
	return SK_PASS;
}
