/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The members that the CO-RE objects read, in an order that no kernel has: all relocations move. */
#ifndef SKEP_BENCH_KERNEL_TYPES_H
#define SKEP_BENCH_KERNEL_TYPES_H

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct ns_common {
	unsigned int inum;
};

struct net {
	struct ns_common ns;
};

struct mnt_namespace {
	struct ns_common ns;
};

struct nsproxy {
	struct net *net_ns;
	struct mnt_namespace *mnt_ns;
};

struct qstr {
	const unsigned char *name;
	unsigned int len;
};

struct dentry {
	struct qstr d_name;
	struct dentry *d_parent;
	struct inode *d_inode;
};

struct super_block {
	unsigned int s_dev;
};

struct inode {
	unsigned long i_ino;
	struct super_block *i_sb;
	unsigned short i_mode;
};

struct path {
	struct dentry *dentry;
};

struct file {
	unsigned int f_flags;
	struct path f_path;
	struct inode *f_inode;
};

struct mm_struct {
	unsigned long total_vm;
	unsigned long arg_start;
	struct file *exe_file;
};

typedef struct {
	unsigned int val;
} kuid_t;

struct cred {
	kuid_t euid;
	kuid_t uid;
};

struct signal_struct {
	int group_exit_code;
	unsigned long min_flt;
};

struct task_struct {
	struct nsproxy *nsproxy;
	struct signal_struct *signal;
	const struct cred *cred;
	struct mm_struct *mm;
	struct task_struct *real_parent;
	unsigned long long start_time;
	int exit_code;
	int tgid;
	int pid;
};

#pragma clang attribute pop

#endif
