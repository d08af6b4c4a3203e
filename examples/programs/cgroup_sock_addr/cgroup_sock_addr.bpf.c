// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

__u16 to_port; /* in network order */
__u64 redirected;

/* Before a process of the cgroup connects: here, to another port than it asked for. */
SEC("cgroup/connect4")
int redirect(struct bpf_sock_addr *ctx)
{
	ctx->user_port = to_port;
	__sync_fetch_and_add(&redirected, 1);
	return 1;
}
