/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What differs between architectures: where a call's number and arguments are, and how the older
 * ABIs of the same machine are told apart. Everything is read from a task that is in the call or
 * has just left it, when the argument registers still hold what they were given.
 */
#ifndef SKEP_TRACE_ARCH_BPF_H
#define SKEP_TRACE_ARCH_BPF_H

#include <skep/bpf/helpers.h>

#include "tools/trace/event.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

#if defined(__TARGET_ARCH_x86)

struct pt_regs {
	unsigned long r10, r9, r8, bp, bx, dx, cx, si, di, orig_ax;
};

struct thread_info {
	__u32 status;
};

#elif defined(__TARGET_ARCH_arm64)

struct pt_regs {
	__u64 regs[31];
	__u64 orig_x0;
	__s32 syscallno;
};

struct thread_info {
	unsigned long flags;
};

#else
#error "skep trace does not know this architecture's calling convention"
#endif

struct task_struct {
	struct thread_info thread_info;
	unsigned int __state;
	unsigned int flags;
	int pid, tgid;
	struct task_struct *real_parent, *group_leader;
	char comm[16];
};

#pragma clang attribute pop

#if defined(__TARGET_ARCH_x86)

#define TS_COMPAT 0x0002     /* arch/x86/include/asm/thread_info.h */
#define X32_BIT	  0x40000000 /* __X32_SYSCALL_BIT, uapi/asm/unistd.h */

/* int $0x80 is a compat call from 64-bit code, too. */
static __always_inline __u32 arch_abi(const struct task_struct *task, __s32 *nr)
{
	if (task->thread_info.status & TS_COMPAT)
		return TRACE_ABI_COMPAT;
	if (*nr < 0 || !(*nr & X32_BIT))
		return TRACE_ABI_NATIVE;
	*nr &= ~X32_BIT;
	return TRACE_ABI_X32;
}

static __always_inline __s32 arch_nr(const struct pt_regs *regs)
{
	return (__s32)regs->orig_ax;
}

static __always_inline void arch_args(const struct pt_regs *regs, __u32 abi, __u64 *args)
{
	if (abi == TRACE_ABI_COMPAT) {
		args[0] = (__u32)regs->bx;
		args[1] = (__u32)regs->cx;
		args[2] = (__u32)regs->dx;
		args[3] = (__u32)regs->si;
		args[4] = (__u32)regs->di;
		args[5] = (__u32)regs->bp;
		return;
	}
	args[0] = regs->di;
	args[1] = regs->si;
	args[2] = regs->dx;
	args[3] = regs->r10;
	args[4] = regs->r8;
	args[5] = regs->r9;
}

#elif defined(__TARGET_ARCH_arm64)

#define TIF_32BIT 22 /* arch/arm64/include/asm/thread_info.h */

static __always_inline __u32 arch_abi(const struct task_struct *task, __s32 *nr)
{
	(void)nr;
	return task->thread_info.flags >> TIF_32BIT & 1 ? TRACE_ABI_COMPAT : TRACE_ABI_NATIVE;
}

static __always_inline __s32 arch_nr(const struct pt_regs *regs)
{
	return regs->syscallno;
}

/* x0 holds the result when the call has returned. */
static __always_inline void arch_args(const struct pt_regs *regs, __u32 abi, __u64 *args)
{
	(void)abi;
	args[0] = regs->orig_x0;
	args[1] = regs->regs[1];
	args[2] = regs->regs[2];
	args[3] = regs->regs[3];
	args[4] = regs->regs[4];
	args[5] = regs->regs[5];
}

#endif
#endif
