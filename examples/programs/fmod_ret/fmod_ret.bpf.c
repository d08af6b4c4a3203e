// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "GPL";

const volatile __u32 pid; /* whose files are of interest */

/* What of it is of interest; where it lies is found out when the program is loaded. */
struct file {
	unsigned int f_mode;
} __attribute__((preserve_access_index));

#define FMODE_WRITE 2 /* linux/fs.h */
#define EACCES	    13

__u64 refused;

/* Before the function: what is not 0 becomes its result, and the function itself is left out. */
SEC("fmod_ret/security_file_open")
int BPF_PROG(read_only, struct file *file, int before)
{
	if (before || bpf_get_current_pid_tgid() >> 32 != pid || !(file->f_mode & FMODE_WRITE))
		return before;
	__sync_fetch_and_add(&refused, 1);
	return -EACCES;
}
