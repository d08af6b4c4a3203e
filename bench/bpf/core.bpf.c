// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* What a typical tool reads of the kernel: some ten types, some thirty relocations. */
#include <skep/bpf/helpers.h>

#include "kernel_types.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct seen {
	unsigned long long start, ino, vm, faults;
	unsigned int pid, ppid, uid, euid, net, mnt, dev, flags, mode;
	char name[32];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, unsigned int);
	__type(value, struct seen);
} tasks SEC(".maps");

const volatile unsigned int only_pid = 1;

/* One probe_read a member, each with its relocated address. */
#define READ(to, pointer) bpf_probe_read_kernel(&(to), sizeof(to), &(pointer))

static __always_inline void read_file(struct seen *seen, struct file *file)
{
	struct super_block *sb = 0;
	struct dentry *dentry = 0;
	struct inode *inode = 0;
	const unsigned char *name = 0;

	READ(seen->flags, file->f_flags);
	READ(inode, file->f_inode);
	READ(seen->ino, inode->i_ino);
	READ(seen->mode, inode->i_mode);
	READ(sb, inode->i_sb);
	READ(seen->dev, sb->s_dev);
	READ(dentry, file->f_path.dentry);
	READ(name, dentry->d_name.name);
	bpf_probe_read_kernel_str(seen->name, sizeof(seen->name), name);
}

static __always_inline void read_namespaces(struct seen *seen, struct nsproxy *ns)
{
	struct mnt_namespace *mnt = 0;
	struct net *net = 0;

	READ(net, ns->net_ns);
	READ(seen->net, net->ns.inum);
	READ(mnt, ns->mnt_ns);
	READ(seen->mnt, mnt->ns.inum);
}

static __always_inline void read_task(struct seen *seen, struct task_struct *task)
{
	struct signal_struct *signal = 0;
	struct task_struct *parent = 0;
	const struct cred *cred = 0;
	struct mm_struct *mm = 0;
	struct nsproxy *ns = 0;
	struct file *exe = 0;

	READ(seen->pid, task->tgid);
	READ(seen->start, task->start_time);
	READ(parent, task->real_parent);
	READ(seen->ppid, parent->tgid);
	READ(cred, task->cred);
	READ(seen->uid, cred->uid.val);
	READ(seen->euid, cred->euid.val);
	READ(signal, task->signal);
	READ(seen->faults, signal->min_flt);
	READ(mm, task->mm);
	READ(seen->vm, mm->total_vm);
	READ(exe, mm->exe_file);
	READ(ns, task->nsproxy);
	read_namespaces(seen, ns);
	read_file(seen, exe);
}

SEC("raw_tp/sched_process_exec")
int core(void *ctx)
{
	struct seen seen = {};

	(void)ctx;
	if (only_pid != (unsigned int)(bpf_get_current_pid_tgid() >> 32))
		return 0;
	read_task(&seen, (struct task_struct *)bpf_get_current_task());
	bpf_map_update_elem(&tasks, &seen.pid, &seen, BPF_ANY);
	return 0;
}
