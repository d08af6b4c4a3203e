// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

__u64 calls, returns;
__s64 last_argument, last_result;

SEC("uprobe")
int BPF_UPROBE(on_call, long argument)
{
	__sync_fetch_and_add(&calls, 1);
	last_argument = argument;
	return 0;
}

SEC("uretprobe")
int BPF_URETPROBE(on_return, long result)
{
	__sync_fetch_and_add(&returns, 1);
	last_result = result;
	return 0;
}
