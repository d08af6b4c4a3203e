// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct traffic {
	__u64 packets, bytes;
};

/* A value for each CPU, for each cgroup and attach type: those that are attached, and no others. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE);
	__type(key, struct bpf_cgroup_storage_key);
	__type(value, struct traffic);
} traffic SEC(".maps");

static int count(struct __sk_buff *skb)
{
	struct traffic *mine = bpf_get_local_storage(&traffic, 0);

	mine->packets++;
	mine->bytes += skb->len;
	return 1;
}

SEC("cgroup_skb/ingress")
int count_in(struct __sk_buff *skb)
{
	return count(skb);
}

SEC("cgroup_skb/egress")
int count_out(struct __sk_buff *skb)
{
	return count(skb);
}
