// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

const volatile __u32 pid; /* whose calls are of interest */

char path[64];
__s64 result;

/* The call's arguments as the process gave them, whatever this machine calls its function. */
SEC("ksyscall/openat")
int BPF_KSYSCALL(on_openat, int dir, const char *name)
{
	if (bpf_get_current_pid_tgid() >> 32 == pid)
		bpf_probe_read_user_str(path, sizeof(path), name);
	return 0;
}

SEC("kretsyscall/openat")
int BPF_KRETPROBE(on_opened, long ret)
{
	if (bpf_get_current_pid_tgid() >> 32 == pid)
		result = ret;
	return 0;
}
