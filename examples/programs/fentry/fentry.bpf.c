// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

const volatile __u32 pid; /* whose calls are of interest */

__u64 opens;
__s64 last;

/* Before the function, with its arguments. */
SEC("fentry/do_sys_openat2")
int BPF_PROG(on_open, int dfd, const char *path, const void *how)
{
	if (bpf_get_current_pid_tgid() >> 32 == pid)
		opens++;
	return 0;
}

/* After it, with its arguments and what it returned. */
SEC("fexit/do_sys_openat2")
int BPF_PROG(on_opened, int dfd, const char *path, const void *how, int ret)
{
	if (bpf_get_current_pid_tgid() >> 32 == pid)
		last = ret;
	return 0;
}
