/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/arch/arm.h - the registers of arm (32 bits).
 */
#ifndef SKEP_BPF_ARCH_ARM_H
#define SKEP_BPF_ARCH_ARM_H

/* As struct pt_regs of the kernel begins, which no kernel changes. */
struct skep_regs {
	__u32 uregs[18];
};

typedef __u32 skep_word;

/* Where functions have their arguments; the others are on the stack. */
#define SKEP_REG_ARG1 uregs[0]
#define SKEP_REG_ARG2 uregs[1]
#define SKEP_REG_ARG3 uregs[2]
#define SKEP_REG_ARG4 uregs[3]
#define SKEP_REG_ARGS 4

/* Bytes from the stack pointer to argument @n, counted from 1. */
#define SKEP_STACK_ARG(n) (4 * ((n)-5))

/* Where system calls have theirs. */
#define SKEP_REG_SYSCALL1 uregs[0]
#define SKEP_REG_SYSCALL2 uregs[1]
#define SKEP_REG_SYSCALL3 uregs[2]
#define SKEP_REG_SYSCALL4 uregs[3]
#define SKEP_REG_SYSCALL5 uregs[4]
#define SKEP_REG_SYSCALL6 uregs[5]

#define SKEP_REG_RET uregs[14] /* where the function returns to */
#define SKEP_REG_FP  uregs[11] /* the frame */
#define SKEP_REG_RC  uregs[0]  /* what it returned */
#define SKEP_REG_SP  uregs[13]
#define SKEP_REG_IP  uregs[15]

/* sizeof(bpf_user_pt_regs_t), which programs of perf events are given. */
#define SKEP_USER_REGS_SIZE 72

#endif
