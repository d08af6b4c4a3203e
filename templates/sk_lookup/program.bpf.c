// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

const volatile __u32 first, last; /* ports */
__u64 steered;

/* The one socket. */
SKEP_MAP(listener, SOCKMAP, __u32, __u64, 1);

SEC("sk_lookup")
int steer(struct bpf_sk_lookup *ctx)
{
	struct bpf_sock *sk;
	__u32 key = 0;
	long ret;

	if (ctx->local_port < first || ctx->local_port > last)
		return SK_PASS;
	sk = bpf_map_lookup_elem(&listener, &key);
	if (!sk)
		return SK_PASS;
	ret = bpf_sk_assign(ctx, sk, 0);
	bpf_sk_release(sk);
	if (!ret)
		__sync_fetch_and_add(&steered, 1);
	return ret ? SK_DROP : SK_PASS;
}
