// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

__u64 left = 3; /* packets that may go */

/* For packets that are about to leave by the route; who sends one that is dropped gets EPERM. */
SEC("lwt_out")
int spend(struct __sk_buff *skb)
{
	if (!left)
		return BPF_DROP;
	left--;
	return BPF_OK;
}
