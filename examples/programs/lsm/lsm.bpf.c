// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "GPL";

/* Whose files of this name are of interest. */
const volatile __u32 pid;

struct file;

__u64 opened;

/* Where security modules decide; a negative answer forbids the opening. */
SEC("lsm/file_open")
int BPF_PROG(on_open, struct file *file, int before)
{
	if (before || bpf_get_current_pid_tgid() >> 32 != pid)
		return before;
	opened++;
	return opened > 2 ? -1 : 0; /* EPERM */
}
