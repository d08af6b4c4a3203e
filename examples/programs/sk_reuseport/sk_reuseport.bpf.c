// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* The server that runs now. */
struct {
	__uint(type, BPF_MAP_TYPE_REUSEPORT_SOCKARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} server SEC(".maps");

__u64 moved;

/*
 * Which of the sockets of a port gets a connection: a new one, and one that a socket had not
 * accepted yet when it was closed.
 */
SEC("sk_reuseport/migrate")
int choose(struct sk_reuseport_md *ctx)
{
	__u32 key = 0;

	if (ctx->migrating_sk)
		__sync_fetch_and_add(&moved, 1);
	bpf_sk_select_reuseport(ctx, &server, &key, 0);
	return SK_PASS;
}
