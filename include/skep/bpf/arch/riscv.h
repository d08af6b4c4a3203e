/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/arch/riscv.h - the registers of riscv64.
 */
#ifndef SKEP_BPF_ARCH_RISCV_H
#define SKEP_BPF_ARCH_RISCV_H

/* As struct pt_regs of the kernel begins, which no kernel changes. */
struct skep_regs {
	unsigned long pc, ra, sp, gp, tp, t0, t1, t2, s0, s1;
	unsigned long a0, a1, a2, a3, a4, a5, a6, a7;
	unsigned long s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, t3, t4, t5, t6;
};

typedef unsigned long skep_word;

/* Where functions have their arguments; the others are on the stack. */
#define SKEP_REG_ARG1 a0
#define SKEP_REG_ARG2 a1
#define SKEP_REG_ARG3 a2
#define SKEP_REG_ARG4 a3
#define SKEP_REG_ARG5 a4
#define SKEP_REG_ARG6 a5
#define SKEP_REG_ARG7 a6
#define SKEP_REG_ARG8 a7
#define SKEP_REG_ARGS 8

/* Bytes from the stack pointer to argument @n, counted from 1. */
#define SKEP_STACK_ARG(n) (8 * ((n)-9))

/* Where system calls have theirs. */
#define SKEP_REG_SYSCALL1 a0
#define SKEP_REG_SYSCALL2 a1
#define SKEP_REG_SYSCALL3 a2
#define SKEP_REG_SYSCALL4 a3
#define SKEP_REG_SYSCALL5 a4
#define SKEP_REG_SYSCALL6 a5

/* The result of the call overwrites the first, which the kernel keeps behind the registers. */
struct pt_regs___skep_riscv {
	unsigned long orig_a0;
} __attribute__((preserve_access_index));
#define SKEP_REG_ORIG(regs) (((const struct pt_regs___skep_riscv *)(regs))->orig_a0)

#define SKEP_REG_RET ra /* where the function returns to */
#define SKEP_REG_FP  s0 /* the frame */
#define SKEP_REG_RC  a0 /* what it returned */
#define SKEP_REG_SP  sp
#define SKEP_REG_IP  pc

/* sizeof(bpf_user_pt_regs_t), which programs of perf events are given. */
#define SKEP_USER_REGS_SIZE 256

#endif
