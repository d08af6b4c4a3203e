// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* By port of its own end. */
SKEP_MAP(sockets, SOCKHASH, __u32, __u64, 1024);

__u64 messages, bytes;

SEC("sk_msg")
int redirect(struct sk_msg_md *msg)
{
	__u32 peer = bpf_ntohl(msg->remote_port); /* unlike local_port it is in network order */

	__sync_fetch_and_add(&messages, 1);
	__sync_fetch_and_add(&bytes, msg->size);
	return bpf_msg_redirect_hash(msg, &sockets, &peer, BPF_F_INGRESS);
}
