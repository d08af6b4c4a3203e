// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Twenty-four programs that share a map, a subprogram and ten types of the kernel. */
#include <skep/bpf/helpers.h>

#include "kernel_types.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 64);
	__type(key, unsigned int);
	__type(value, unsigned long long);
} counts SEC(".maps");

#define READ(to, pointer) bpf_probe_read_kernel(&(to), sizeof(to), &(pointer))

static __attribute__((noinline)) int count(unsigned int slot, unsigned long long add)
{
	unsigned long long *value = bpf_map_lookup_elem(&counts, &slot);

	if (value)
		__sync_fetch_and_add(value, add);
	return 0;
}

static __always_inline unsigned long long walk(struct task_struct *task)
{
	unsigned long long sum = 0, value = 0;
	struct signal_struct *signal = 0;
	struct dentry *dentry = 0;
	const struct cred *cred = 0;
	struct mm_struct *mm = 0;
	struct nsproxy *ns = 0;
	struct inode *inode = 0;
	struct file *file = 0;
	struct net *net = 0;

	READ(mm, task->mm);
	READ(value, mm->total_vm);
	sum += value;
	READ(file, mm->exe_file);
	READ(inode, file->f_inode);
	READ(value, inode->i_ino);
	sum += value;
	READ(dentry, file->f_path.dentry);
	READ(value, dentry->d_name.len);
	sum += value;
	READ(cred, task->cred);
	READ(value, cred->uid.val);
	sum += value;
	READ(signal, task->signal);
	READ(value, signal->min_flt);
	sum += value;
	READ(ns, task->nsproxy);
	READ(net, ns->net_ns);
	READ(value, net->ns.inum);
	return sum + value;
}

#define PROGRAM(n)                                                                   \
	SEC("raw_tp/sched_process_exec")                                             \
	int program_##n(void *ctx)                                                   \
	{                                                                            \
		(void)ctx;                                                           \
		return count(n, walk((struct task_struct *)bpf_get_current_task())); \
	}

PROGRAM(0)
PROGRAM(1)
PROGRAM(2)
PROGRAM(3)
PROGRAM(4)
PROGRAM(5)
PROGRAM(6)
PROGRAM(7)
PROGRAM(8)
PROGRAM(9)
PROGRAM(10)
PROGRAM(11)
PROGRAM(12)
PROGRAM(13)
PROGRAM(14)
PROGRAM(15)
PROGRAM(16)
PROGRAM(17)
PROGRAM(18)
PROGRAM(19)
PROGRAM(20)
PROGRAM(21)
PROGRAM(22)
PROGRAM(23)
