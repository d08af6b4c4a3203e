// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

const volatile __u32 pid;    /* whose calls are of interest */
const volatile __s64 number; /* of the call to count */

/* What the maps in the map look like, and two of them. */
struct calls {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
};

struct calls first SEC(".maps"), second SEC(".maps");

/* The one that is counted in; the user side exchanges it. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, __u32);
	__array(values, struct calls);
} in_use SEC(".maps") = { .values = { [0] = &first } };

SEC("raw_tp/sys_enter")
int count(struct bpf_raw_tracepoint_args *ctx)
{
	struct calls *calls;
	__u32 zero = 0;
	__u64 *times;

	if (skep_pid() != pid || (__s64)ctx->args[1] != number)
		return 0;
	calls = bpf_map_lookup_elem(&in_use, &zero);
	if (!calls)
		return 0;
	times = skep_map_lookup(calls, &zero);
	if (times)
		__sync_fetch_and_add(times, 1);
	return 0;
}
