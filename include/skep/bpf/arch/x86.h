/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/arch/x86.h - the registers of x86-64. The kernel takes the
 * fourth argument of a system call in r10: the instruction overwrites cx.
 */
#ifndef SKEP_BPF_ARCH_X86_H
#define SKEP_BPF_ARCH_X86_H

/* As struct pt_regs of the kernel begins, which no kernel changes. */
struct skep_regs {
	unsigned long r15, r14, r13, r12, bp, bx, r11, r10, r9, r8, ax, cx, dx, si, di;
	unsigned long orig_ax, ip, cs, flags, sp, ss;
};

typedef unsigned long skep_word;

/* Where functions have their arguments; the others are on the stack. */
#define SKEP_REG_ARG1 di
#define SKEP_REG_ARG2 si
#define SKEP_REG_ARG3 dx
#define SKEP_REG_ARG4 cx
#define SKEP_REG_ARG5 r8
#define SKEP_REG_ARG6 r9
#define SKEP_REG_ARGS 6

/* Bytes from the stack pointer to argument @n, counted from 1. */
#define SKEP_STACK_ARG(n) (8 * ((n)-6))

/* Where system calls have theirs. */
#define SKEP_REG_SYSCALL1 di
#define SKEP_REG_SYSCALL2 si
#define SKEP_REG_SYSCALL3 dx
#define SKEP_REG_SYSCALL4 r10
#define SKEP_REG_SYSCALL5 r8
#define SKEP_REG_SYSCALL6 r9

/* The return address is on the stack, where SKEP_REG_RET points. */
#define SKEP_RET_ON_STACK

#define SKEP_REG_RET sp /* where the function returns to */
#define SKEP_REG_FP  bp /* the frame */
#define SKEP_REG_RC  ax /* what it returned */
#define SKEP_REG_SP  sp
#define SKEP_REG_IP  ip

/* sizeof(bpf_user_pt_regs_t), which programs of perf events are given. */
#define SKEP_USER_REGS_SIZE 168

#endif
