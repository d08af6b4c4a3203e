// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* linux/tcp.h */
#define TCP_CONGESTION 13

__u64 changed;

/* Before an option of a socket is set: which congestion control is not for processes to choose. */
SEC("cgroup/setsockopt")
int one_congestion_control(struct bpf_sockopt *ctx)
{
	char *name = ctx->optval;

	if (ctx->level != SKEP_TCP || ctx->optname != TCP_CONGESTION)
		return 1;
	if ((void *)(name + sizeof("reno")) > ctx->optval_end)
		return 0;
	__builtin_memcpy(name, "reno", sizeof("reno"));
	ctx->optlen = sizeof("reno");
	__sync_fetch_and_add(&changed, 1);
	return 1;
}
