// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

enum { TO_CLIENT, TO_SERVER };

/* The proxy's two connections. */
struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} proxy SEC(".maps");

__u32 client_side; /* the port of the connection to the client */
__u64 bytes;

/* How long the next message is: all that is there. */
SEC("sk_skb/stream_parser")
int parse(struct __sk_buff *skb)
{
	return (int)skb->len;
}

/* What comes in by one connection goes out by the other; no process is woken. */
SEC("sk_skb/stream_verdict")
int pass_on(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&bytes, skb->len);
	return (int)bpf_sk_redirect_map(skb, &proxy,
					skb->local_port == client_side ? TO_SERVER : TO_CLIENT, 0);
}
