// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

__u64 refused;

/* When a process of the cgroup makes a socket: no raw ones. */
SEC("cgroup/sock_create")
int no_raw_sockets(struct bpf_sock *ctx)
{
	if (ctx->type != 3) /* SOCK_RAW */
		return 1;
	__sync_fetch_and_add(&refused, 1);
	return 0;
}
