// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

const volatile __u32 pid; /* whose calls are of interest */

__u64 odd, even;

SEC("raw_tp/sys_enter")
int count_even(void *ctx)
{
	even++;
	return 0;
}

SEC("raw_tp/sys_enter")
int count_odd(void *ctx)
{
	odd++;
	return 0;
}

/* The programs lie in it before the first one runs. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__uint(key_size, sizeof(__u32));
	__array(values, int(void *));
} by_parity SEC(".maps") = {
	.values = { [0] = (void *)&count_even, [1] = (void *)&count_odd },
};

/* Goes on in one of the programs; it comes here again only if there is none. */
SEC("raw_tp/sys_enter")
int choose(struct bpf_raw_tracepoint_args *ctx)
{
	if (bpf_get_current_pid_tgid() >> 32 == pid)
		bpf_tail_call(ctx, &by_parity, ctx->args[1] & 1);
	return 0;
}
