// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

enum { UDP_HEADER = 8 };

/* Room for a million; takes memory for those that are there, and grows while it is in use. */
struct {
	__uint(type, BPF_MAP_TYPE_RHASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1000000);
	__type(key, __u32);
	__type(value, __u64);
} packets SEC(".maps");

/* Counts what each customer sends, by the number in the packet, which then is done with. */
SEC("socket")
int count(struct __sk_buff *skb)
{
	__u32 customer;
	__u64 *times, zero = 0;

	if (bpf_skb_load_bytes(skb, UDP_HEADER, &customer, sizeof(customer)))
		return 0;
	times = skep_map_lookup_or_init(&packets, &customer, &zero);
	if (times)
		__sync_fetch_and_add(times, 1);
	return 0;
}
