/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/arch/i386.h - the registers of i386 (32 bits), -D__TARGET_ARCH_i386.
 *
 * Functions of the kernel have three arguments in registers, those of user space none.
 */
#ifndef SKEP_BPF_ARCH_I386_H
#define SKEP_BPF_ARCH_I386_H

/* As struct pt_regs of the kernel begins, which no kernel changes. */
struct skep_regs {
	__u32 bx, cx, dx, si, di, bp, ax, ds, es, fs, gs, orig_ax, ip, cs, flags, sp, ss;
};

typedef __u32 skep_word;

/* Where functions have their arguments; the others are on the stack. */
#define SKEP_REG_ARG1 ax
#define SKEP_REG_ARG2 dx
#define SKEP_REG_ARG3 cx
#define SKEP_REG_ARGS 3

/* Bytes from the stack pointer to argument @n, counted from 1. */
#define SKEP_STACK_ARG(n) (4 * ((n)-3))

/* Functions of user space have all of theirs there. */
#define SKEP_USER_STACK_ARG(n) (4 * (n))

/* Where system calls have theirs. */
#define SKEP_REG_SYSCALL1 bx
#define SKEP_REG_SYSCALL2 cx
#define SKEP_REG_SYSCALL3 dx
#define SKEP_REG_SYSCALL4 si
#define SKEP_REG_SYSCALL5 di
#define SKEP_REG_SYSCALL6 bp

#define SKEP_RET_ON_STACK

#define SKEP_REG_RET sp /* where the function returns to */
#define SKEP_REG_FP  bp /* the frame */
#define SKEP_REG_RC  ax /* what it returned */
#define SKEP_REG_SP  sp
#define SKEP_REG_IP  ip

/* sizeof(bpf_user_pt_regs_t), which programs of perf events are given. */
#define SKEP_USER_REGS_SIZE 68

#endif
