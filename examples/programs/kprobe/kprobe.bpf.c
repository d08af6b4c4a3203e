// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

const volatile __u32 pid; /* whose calls are of interest */

__u64 opens;

SEC("kprobe/do_sys_openat2")
int BPF_KPROBE(on_open, int dfd, const char *path)
{
	if (bpf_get_current_pid_tgid() >> 32 == pid)
		__sync_fetch_and_add(&opens, 1);
	return 0;
}
