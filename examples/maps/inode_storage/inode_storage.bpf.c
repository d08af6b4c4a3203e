// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <skep/bpf/skep.h>

char LICENSE[] SEC("license") = "GPL";

struct inode;

/* What of it is of interest; where it lies is found out when the program is loaded. */
struct file {
	struct inode *f_inode;
} __core;

const volatile __u32 pid; /* whose files are of interest */

/* Hangs on the files, whatever their names, and goes when they do. */
struct {
	__uint(type, BPF_MAP_TYPE_INODE_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u64);
} opened SEC(".maps");

SEC("lsm/file_open")
int BPF_PROG(on_open, struct file *file)
{
	__u64 *times;

	if (skep_pid() != pid)
		return 0;
	times = skep_inode_storage(&opened, file->f_inode, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (times)
		__sync_fetch_and_add(times, 1);
	return 0;
}
