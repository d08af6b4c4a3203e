// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

const volatile __u32 pid; /* whose calls are of interest */

/* Memory that the program and user space have at the same address; so many pages at most. */
struct {
	__uint(type, BPF_MAP_TYPE_ARENA);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 16);
} arena SEC(".maps");

enum { MOST_CALLS = 100 };

struct call {
	struct call __arena *before;
	__u64 number;
};

struct call __arena calls[MOST_CALLS];
struct call __arena *__arena last;
__u32 __arena n_calls;

/* Builds a list: its pointers are good on both sides. */
SEC("raw_tp/sys_enter")
int keep(struct bpf_raw_tracepoint_args *ctx)
{
	struct call __arena *call;

	if (skep_pid() != pid || n_calls >= MOST_CALLS)
		return 0;
	call = &calls[n_calls++];
	call->number = ctx->args[1];
	call->before = last;
	last = call;
	return 0;
}
