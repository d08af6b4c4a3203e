// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

__u64 sum;

/* The user side says which function, and of which process. */
SEC("uprobe")
int BPF_KPROBE(on_add, long a, long b)
{
	__sync_fetch_and_add(&sum, a * b);
	return 0;
}
