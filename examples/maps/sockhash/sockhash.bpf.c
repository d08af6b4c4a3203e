// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* A connection as the socket sees it. */
struct ports {
	__u32 own, other;
};

struct {
	__uint(type, BPF_MAP_TYPE_SOCKHASH);
	__uint(max_entries, 1024);
	__type(key, struct ports);
	__type(value, __u64);
} sockets SEC(".maps");

/* Bytes for a socket of the map go right to where it reads; what finds none goes by TCP. */
SEC("sk_msg")
int shorten(struct sk_msg_md *msg)
{
	struct ports peer = { .own = bpf_ntohl(msg->remote_port), .other = msg->local_port };

	bpf_msg_redirect_hash(msg, &sockets, &peer, BPF_F_INGRESS);
	return SK_PASS;
}
