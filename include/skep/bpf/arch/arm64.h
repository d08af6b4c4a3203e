/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/arch/arm64.h - the registers of arm64.
 */
#ifndef SKEP_BPF_ARCH_ARM64_H
#define SKEP_BPF_ARCH_ARM64_H

/* As struct pt_regs of the kernel begins, which no kernel changes. */
struct skep_regs {
	unsigned long regs[31], sp, pc, pstate;
};

typedef unsigned long skep_word;

/* Where functions have their arguments; the others are on the stack. */
#define SKEP_REG_ARG1 regs[0]
#define SKEP_REG_ARG2 regs[1]
#define SKEP_REG_ARG3 regs[2]
#define SKEP_REG_ARG4 regs[3]
#define SKEP_REG_ARG5 regs[4]
#define SKEP_REG_ARG6 regs[5]
#define SKEP_REG_ARG7 regs[6]
#define SKEP_REG_ARG8 regs[7]
#define SKEP_REG_ARGS 8

/* Bytes from the stack pointer to argument @n, counted from 1. */
#define SKEP_STACK_ARG(n) (8 * ((n)-9))

/* Where system calls have theirs. */
#define SKEP_REG_SYSCALL1 regs[0]
#define SKEP_REG_SYSCALL2 regs[1]
#define SKEP_REG_SYSCALL3 regs[2]
#define SKEP_REG_SYSCALL4 regs[3]
#define SKEP_REG_SYSCALL5 regs[4]
#define SKEP_REG_SYSCALL6 regs[5]

/* The result of the call overwrites the first, which the kernel keeps behind the registers. */
struct pt_regs___skep_arm64 {
	unsigned long orig_x0;
} __attribute__((preserve_access_index));
#define SKEP_REG_ORIG(regs) (((const struct pt_regs___skep_arm64 *)(regs))->orig_x0)

#define SKEP_REG_RET regs[30] /* where the function returns to */
#define SKEP_REG_FP  regs[29] /* the frame */
#define SKEP_REG_RC  regs[0]  /* what it returned */
#define SKEP_REG_SP  sp
#define SKEP_REG_IP  pc

/* sizeof(bpf_user_pt_regs_t), which programs of perf events are given. */
#define SKEP_USER_REGS_SIZE 272

#endif
