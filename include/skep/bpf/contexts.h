/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/contexts.h - what programs are given that linux/bpf.h does not describe: iterators,
 * tracepoints, netfilter. For programs without vmlinux.h, whose declarations are those of the
 * running kernel.
 *
 *	SEC("iter/task")
 *	int each_task(struct bpf_iter__task *ctx)
 *
 * An iterator calls its program once more at the end, with NULL for the object.
 */
#ifndef SKEP_BPF_CONTEXTS_H
#define SKEP_BPF_CONTEXTS_H

#include <skep/bpf/types.h>

#ifndef __VMLINUX_H__

struct bpf_iter_meta {
	__bpf_md_ptr(struct seq_file *, seq); /* where bpf_seq_printf() writes */
	__u64 session_id;
	__u64 seq_num; /* of the object, from 0 */
};

struct bpf_iter__task {
	__bpf_md_ptr(struct bpf_iter_meta *, meta);
	__bpf_md_ptr(struct task_struct *, task);
};

struct bpf_iter__task_file {
	__bpf_md_ptr(struct bpf_iter_meta *, meta);
	__bpf_md_ptr(struct task_struct *, task);
	__u32 fd __attribute__((aligned(8)));
	__bpf_md_ptr(struct file *, file);
};

struct bpf_iter__task_vma {
	__bpf_md_ptr(struct bpf_iter_meta *, meta);
	__bpf_md_ptr(struct task_struct *, task);
	__bpf_md_ptr(struct vm_area_struct *, vma);
};

struct bpf_iter__bpf_map {
	__bpf_md_ptr(struct bpf_iter_meta *, meta);
	__bpf_md_ptr(struct bpf_map *, map);
};

struct bpf_iter__bpf_map_elem {
	__bpf_md_ptr(struct bpf_iter_meta *, meta);
	__bpf_md_ptr(struct bpf_map *, map);
	__bpf_md_ptr(void *, key);
	__bpf_md_ptr(void *, value);
};

struct bpf_iter__bpf_prog {
	__bpf_md_ptr(struct bpf_iter_meta *, meta);
	__bpf_md_ptr(struct bpf_prog *, prog);
};

struct bpf_iter__bpf_link {
	__bpf_md_ptr(struct bpf_iter_meta *, meta);
	__bpf_md_ptr(struct bpf_link *, link);
};

struct bpf_iter__bpf_sk_storage_map {
	__bpf_md_ptr(struct bpf_iter_meta *, meta);
	__bpf_md_ptr(struct bpf_map *, map);
	__bpf_md_ptr(struct sock *, sk);
	__bpf_md_ptr(void *, value);
};

struct bpf_iter__sockmap {
	__bpf_md_ptr(struct bpf_iter_meta *, meta);
	__bpf_md_ptr(struct bpf_map *, map);
	__bpf_md_ptr(void *, key);
	__bpf_md_ptr(struct sock *, sk);
};

struct bpf_iter__cgroup {
	__bpf_md_ptr(struct bpf_iter_meta *, meta);
	__bpf_md_ptr(struct cgroup *, cgroup);
};

struct bpf_iter__tcp {
	__bpf_md_ptr(struct bpf_iter_meta *, meta);
	__bpf_md_ptr(struct sock_common *, sk_common);
	__u32 uid __attribute__((aligned(8)));
};

struct bpf_iter__udp {
	__bpf_md_ptr(struct bpf_iter_meta *, meta);
	__bpf_md_ptr(struct udp_sock *, udp_sk);
	__u32 uid __attribute__((aligned(8)));
	int bucket __attribute__((aligned(8)));
};

struct bpf_iter__unix {
	__bpf_md_ptr(struct bpf_iter_meta *, meta);
	__bpf_md_ptr(struct unix_sock *, unix_sk);
	__u32 uid __attribute__((aligned(8)));
};

struct bpf_iter__netlink {
	__bpf_md_ptr(struct bpf_iter_meta *, meta);
	__bpf_md_ptr(struct netlink_sock *, sk);
};

struct bpf_iter__ipv6_route {
	__bpf_md_ptr(struct bpf_iter_meta *, meta);
	__bpf_md_ptr(struct fib6_info *, rt);
};

struct bpf_iter__ksym {
	__bpf_md_ptr(struct bpf_iter_meta *, meta);
	__bpf_md_ptr(struct kallsym_iter *, ksym);
};

/* What each tracepoint's record begins with. */
struct trace_entry {
	__u16 type;
	__u8 flags;
	__u8 preempt_count;
	__s32 pid;
};

/* SEC("tracepoint/syscalls/sys_enter_NAME"), and raw_syscalls/sys_enter */
struct trace_event_raw_sys_enter {
	struct trace_entry ent;
	long id;
	unsigned long args[6];
	char __data[];
};

/* SEC("tracepoint/syscalls/sys_exit_NAME"), and raw_syscalls/sys_exit */
struct trace_event_raw_sys_exit {
	struct trace_entry ent;
	long id;
	long ret;
	char __data[];
};

struct nf_hook_state;
struct sk_buff;

/* SEC("netfilter") */
struct bpf_nf_ctx {
	const struct nf_hook_state *state;
	struct sk_buff *skb;
};

#endif

#endif
