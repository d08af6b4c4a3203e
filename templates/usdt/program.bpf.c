// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>
#include <skep/bpf/usdt.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

__u64 hits, first_argument;

SEC("usdt")
int BPF_USDT(on_hit, unsigned long argument)
{
	__sync_fetch_and_add(&hits, 1);
	first_argument = argument;
	return 0;
}
