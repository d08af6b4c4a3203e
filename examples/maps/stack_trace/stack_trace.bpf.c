// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

const volatile __u32 pid; /* whose sleep is of interest */

struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, 1024);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, 127 * sizeof(__u64)); /* frames */
} stacks SEC(".maps");

/* How often the process went to sleep, by the stack's id: the same stack has the same one. */
SKEP_MAP(sleeps, HASH, __u32, __u64, 1024);

SEC("raw_tp/sched_switch")
int BPF_PROG(on_switch, bool preempted)
{
	__u64 *times, none = 0;
	__u32 id;
	long ret;

	if (preempted || skep_pid() != pid)
		return 0;
	ret = bpf_get_stackid(ctx, &stacks, 0);
	if (ret < 0)
		return 0;
	id = ret;
	times = skep_map_lookup_or_init(&sleeps, &id, &none);
	if (times)
		__sync_fetch_and_add(times, 1);
	return 0;
}
