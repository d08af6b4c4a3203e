// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

const volatile __u32 pid; /* whose calls are of interest */

/* By number; each CPU has a value of its own behind every key, and needs no atomic addition. */
SKEP_MAP(calls, PERCPU_HASH, __s64, __u64, 1024);

SEC("raw_tp/sys_enter")
int count(struct bpf_raw_tracepoint_args *ctx)
{
	__s64 number = ctx->args[1];
	__u64 *times, none = 0;

	if (skep_pid() != pid)
		return 0;
	times = skep_map_lookup_or_init(&calls, &number, &none);
	if (times)
		*times += 1;
	return 0;
}
