// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* A value for each cgroup that the program is attached to; it comes and goes with the link. */
struct {
	__uint(type, BPF_MAP_TYPE_CGROUP_STORAGE);
	__type(key, __u64); /* the cgroup's id; 5.9 */
	__type(value, __u64);
} packets SEC(".maps");

/* Which value it is depends on why the program is called, and there always is one. */
SEC("cgroup_skb/egress")
int count(struct __sk_buff *skb)
{
	__u64 *sent = bpf_get_local_storage(&packets, 0);

	__sync_fetch_and_add(sent, 1);
	return 1;
}
