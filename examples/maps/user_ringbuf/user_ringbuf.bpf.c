// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

const volatile __u32 pid; /* whose calls are of interest */

/* Memory that user space writes and programs read. */
struct {
	__uint(type, BPF_MAP_TYPE_USER_RINGBUF);
	__uint(max_entries, 4096);
} orders SEC(".maps");

__u64 calls;
static __s64 counted = -1; /* the call that is counted */

/* Called for each record: which call to count from now on. */
static long obey(struct bpf_dynptr *order, void *ctx)
{
	bpf_dynptr_read(&counted, sizeof(counted), order, 0, 0);
	return 0;
}

SEC("raw_tp/sys_enter")
int count(struct bpf_raw_tracepoint_args *ctx)
{
	if (skep_pid() != pid)
		return 0;
	bpf_user_ringbuf_drain(&orders, obey, NULL, 0);
	if ((__s64)ctx->args[1] == counted)
		__sync_fetch_and_add(&calls, 1);
	return 0;
}
