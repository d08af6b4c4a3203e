/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/arch/mips.h - the registers of mips64 (n64).
 */
#ifndef SKEP_BPF_ARCH_MIPS_H
#define SKEP_BPF_ARCH_MIPS_H

/* As struct pt_regs of the kernel begins, which no kernel changes. */
struct skep_regs {
	unsigned long regs[32], cp0_status, hi, lo, cp0_badvaddr, cp0_cause, cp0_epc;
};

typedef unsigned long skep_word;

/* Where functions have their arguments; the others are on the stack. */
#define SKEP_REG_ARG1 regs[4]
#define SKEP_REG_ARG2 regs[5]
#define SKEP_REG_ARG3 regs[6]
#define SKEP_REG_ARG4 regs[7]
#define SKEP_REG_ARG5 regs[8]
#define SKEP_REG_ARG6 regs[9]
#define SKEP_REG_ARG7 regs[10]
#define SKEP_REG_ARG8 regs[11]
#define SKEP_REG_ARGS 8

/* Bytes from the stack pointer to argument @n, counted from 1. */
#define SKEP_STACK_ARG(n) (8 * ((n)-9))

/* Where system calls have theirs. */
#define SKEP_REG_SYSCALL1 regs[4]
#define SKEP_REG_SYSCALL2 regs[5]
#define SKEP_REG_SYSCALL3 regs[6]
#define SKEP_REG_SYSCALL4 regs[7]
#define SKEP_REG_SYSCALL5 regs[8]
#define SKEP_REG_SYSCALL6 regs[9]

#define SKEP_REG_RET regs[31] /* where the function returns to */
#define SKEP_REG_FP  regs[30] /* the frame */
#define SKEP_REG_RC  regs[2]  /* what it returned */
#define SKEP_REG_SP  regs[29]
#define SKEP_REG_IP  cp0_epc

/* sizeof(bpf_user_pt_regs_t), which programs of perf events are given. */
#define SKEP_USER_REGS_SIZE 304

#endif
