// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "GPL";

const volatile __u32 pid; /* whose runs are of interest */

__s32 result; /* what BPF_PROG_TEST_RUN is to give */

/* The tracepoint is given the place of the result, and lets programs write there. */
SEC("raw_tp.w/bpf_test_finish")
int on_finish(__u64 *ctx)
{
	int *error = (int *)ctx[0];

	if (bpf_get_current_pid_tgid() >> 32 == pid)
		*error = result;
	return 0;
}

SEC("socket")
int whole(struct __sk_buff *skb)
{
	return skb->len;
}
