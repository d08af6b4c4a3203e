// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct process {
	__u64 samples;
	char comm[16];
};

SKEP_MAP(processes, HASH, __u32, struct process, 10240);

SEC("perf_event")
int on_sample(void *ctx)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;
	struct process *known = bpf_map_lookup_elem(&processes, &pid);
	struct process new = { .samples = 1 };

	(void)ctx;
	if (known) {
		__sync_fetch_and_add(&known->samples, 1);
		return 0;
	}
	bpf_get_current_comm(new.comm, sizeof(new.comm));
	bpf_map_update_elem(&processes, &pid, &new, BPF_ANY);
	return 0;
}
