/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/types.h - the types and numbers of the kernel's interface that programs name.
 *
 * Programs of every type can be written with these alone. With vmlinux.h or linux/bpf.h before,
 * this header leaves out what those have; linux/bpf.h after it adds nothing. vmlinux.h cannot come
 * after: it has all of this again.
 */
#ifndef SKEP_BPF_TYPES_H
#define SKEP_BPF_TYPES_H

#if !defined(__VMLINUX_H__) && !defined(_LINUX_TYPES_H) && !defined(_UAPI_LINUX_TYPES_H)
#ifndef __u8
typedef unsigned char __u8;
typedef signed char __s8;
typedef unsigned short __u16;
typedef short __s16;
typedef unsigned int __u32;
typedef int __s32;
typedef unsigned long long __u64;
typedef long long __s64;
typedef __u16 __le16;
typedef __u16 __be16;
typedef __u32 __le32;
typedef __u32 __be32;
typedef __u64 __le64;
typedef __u64 __be64;
typedef __u16 __sum16;
typedef __u32 __wsum;
#endif
#endif

#ifndef __VMLINUX_H__
#ifndef __cplusplus
#ifndef bool
#define bool _Bool
#define true 1
#define false 0
#endif
#endif
#endif

/* No macro is in a vmlinux.h, whoever made it. */
#ifndef NULL
#define NULL ((void *)0)
#endif

#include <skep/bpf/uapi_gen.h>
#include <skep/bpf/contexts.h>
#include <skep/bpf/verdicts.h>

/* linux/bpf.h has nothing that is not here already. */
#ifndef __LINUX_BPF_H__
#define __LINUX_BPF_H__
#endif

#endif
