// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>
#include <skep/bpf/usdt.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

__u64 turns, sum;

/* The probe's argument, wherever the compiler has it at the probe's place. */
SEC("usdt")
int BPF_USDT(on_turn, unsigned long number)
{
	__sync_fetch_and_add(&turns, 1);
	__sync_fetch_and_add(&sum, number);
	return 0;
}
