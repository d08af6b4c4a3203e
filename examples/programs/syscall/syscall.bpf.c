// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct numbers {
	__u32 a, b;
	__u64 product;
};

/* Called like a function: its context is what the caller gives, and gets back. */
SEC("syscall")
int multiply(struct numbers *ctx)
{
	ctx->product = (__u64)ctx->a * ctx->b;
	return 0;
}
