/* SPDX-License-Identifier: MIT */
/*
 * Numbers of the kernel's interface that are newer than the distribution's linux/bpf.h (6.1),
 * under skep's own prefix so that a newer header does not collide. The layouts of the commands
 * are in kernel/uapi.h.
 */
#ifndef SKEP_BASE_UAPI_H
#define SKEP_BASE_UAPI_H

#include <linux/bpf.h>

/* A token comes along, for maps, programs and BTF (6.9). */
#define SKEP_F_TOKEN_FD (1u << 16)

/* enum bpf_prog_type */
#define SKEP_PROG_TYPE_NETFILTER 32

/* enum bpf_map_type */
#define SKEP_MAP_TYPE_CGRP_STORAGE 32
#define SKEP_MAP_TYPE_ARENA	   33
#define SKEP_MAP_TYPE_INSN_ARRAY   34
#define SKEP_MAP_TYPE_RHASH	   35

/* Flags of look-ups and updates in per-CPU maps: one CPU, named by the upper half, or all alike. */
#define SKEP_F_CPU	8
#define SKEP_F_ALL_CPUS 16

/* enum bpf_attach_type */
#define SKEP_STRUCT_OPS		     44
#define SKEP_NETFILTER		     45
#define SKEP_TCX_INGRESS	     46
#define SKEP_TCX_EGRESS		     47
#define SKEP_TRACE_UPROBE_MULTI	     48
#define SKEP_CGROUP_UNIX_CONNECT     49
#define SKEP_CGROUP_UNIX_SENDMSG     50
#define SKEP_CGROUP_UNIX_RECVMSG     51
#define SKEP_CGROUP_UNIX_GETPEERNAME 52
#define SKEP_CGROUP_UNIX_GETSOCKNAME 53
#define SKEP_NETKIT_PRIMARY	     54
#define SKEP_NETKIT_PEER	     55
#define SKEP_TRACE_KPROBE_SESSION    56
#define SKEP_TRACE_UPROBE_SESSION    57
#define SKEP_TRACE_FSESSION	     58
#define SKEP_TRACE_FENTRY_MULTI	     59
#define SKEP_TRACE_FEXIT_MULTI	     60
#define SKEP_TRACE_FSESSION_MULTI    61

/* flags of attaching beside others: where (6.6), and what the other is named by */
#define SKEP_F_BEFORE	(1u << 3)
#define SKEP_F_AFTER	(1u << 4)
#define SKEP_F_ID	(1u << 5)
#define SKEP_F_PREORDER (1u << 6) /* cgroup: the parent's programs first (6.15) */
#define SKEP_F_LINK	(1u << 13)

/* flags of netfilter links */
#define SKEP_F_NETFILTER_IP_DEFRAG (1u << 0)

/* Flags of BPF_MAP_CREATE; SKEP_F_LINK is one as well: struct_ops by a bpf_link (6.4). */
#define SKEP_F_VTYPE_BTF_OBJ_FD (1u << 15) /* the value's type is in a module's BTF (6.9) */

#endif
