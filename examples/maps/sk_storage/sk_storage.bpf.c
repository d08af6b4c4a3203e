// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct sent {
	__u64 packets, bytes;
};

/* Hangs on the sockets, and goes when they do. User space finds it by a socket's descriptor. */
struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct sent);
} by_socket SEC(".maps");

/* All that the cgroup's processes send. */
SEC("cgroup_skb/egress")
int count(struct __sk_buff *skb)
{
	struct bpf_sock *sk = skb->sk;
	struct sent *sent;

	sk = sk ? bpf_sk_fullsock(sk) : NULL;
	if (!sk)
		return 1;
	sent = skep_sk_storage(&by_socket, sk, NULL, BPF_SK_STORAGE_GET_F_CREATE);
	if (sent) {
		__sync_fetch_and_add(&sent->packets, 1);
		__sync_fetch_and_add(&sent->bytes, skb->len);
	}
	return 1;
}
