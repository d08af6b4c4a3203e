/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/arch/powerpc.h - the registers of powerpc64 (ELF version 2, as of ppc64le)
 */
#ifndef SKEP_BPF_ARCH_POWERPC_H
#define SKEP_BPF_ARCH_POWERPC_H

/* As struct pt_regs of the kernel begins, which no kernel changes. */
struct skep_regs {
	unsigned long gpr[32], nip, msr, orig_gpr3, ctr, link, xer, ccr, softe, trap, dar, dsisr,
		result;
};

typedef unsigned long skep_word;

/* Where functions have their arguments; the others are on the stack. */
#define SKEP_REG_ARG1 gpr[3]
#define SKEP_REG_ARG2 gpr[4]
#define SKEP_REG_ARG3 gpr[5]
#define SKEP_REG_ARG4 gpr[6]
#define SKEP_REG_ARG5 gpr[7]
#define SKEP_REG_ARG6 gpr[8]
#define SKEP_REG_ARG7 gpr[9]
#define SKEP_REG_ARG8 gpr[10]
#define SKEP_REG_ARGS 8

/* Bytes from the stack pointer to argument @n, counted from 1. */
#define SKEP_STACK_ARG(n) (32 + 8 * ((n)-1))

/* Where system calls have theirs. */
#define SKEP_REG_SYSCALL1 orig_gpr3
#define SKEP_REG_SYSCALL2 gpr[4]
#define SKEP_REG_SYSCALL3 gpr[5]
#define SKEP_REG_SYSCALL4 gpr[6]
#define SKEP_REG_SYSCALL5 gpr[7]
#define SKEP_REG_SYSCALL6 gpr[8]

#define SKEP_REG_RET link    /* where the function returns to */
#define SKEP_REG_FP  gpr[31] /* the frame */
#define SKEP_REG_RC  gpr[3]  /* what it returned */
#define SKEP_REG_SP  gpr[1]
#define SKEP_REG_IP  nip

/* sizeof(bpf_user_pt_regs_t), which programs of perf events are given. */
#define SKEP_USER_REGS_SIZE 352

#endif
