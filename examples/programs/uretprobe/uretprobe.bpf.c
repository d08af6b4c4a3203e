// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

__s64 largest;

/* The user side says which function, and of which process; here it has returned. */
SEC("uretprobe")
int BPF_URETPROBE(on_result, long result)
{
	if (result > largest)
		largest = result;
	return 0;
}
