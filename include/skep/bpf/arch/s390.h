/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/arch/s390.h - the registers of s390x.
 */
#ifndef SKEP_BPF_ARCH_S390_H
#define SKEP_BPF_ARCH_S390_H

/* As struct pt_regs of the kernel begins, which no kernel changes. */
struct skep_regs {
	unsigned long args[1], psw_mask, psw_addr, gprs[16];
};

typedef unsigned long skep_word;

/* Where functions have their arguments; the others are on the stack. */
#define SKEP_REG_ARG1 gprs[2]
#define SKEP_REG_ARG2 gprs[3]
#define SKEP_REG_ARG3 gprs[4]
#define SKEP_REG_ARG4 gprs[5]
#define SKEP_REG_ARG5 gprs[6]
#define SKEP_REG_ARGS 5

/* Bytes from the stack pointer to argument @n, counted from 1. */
#define SKEP_STACK_ARG(n) (160 + 8 * ((n)-6))

/* Where system calls have theirs. */
#define SKEP_REG_SYSCALL1 gprs[2]
#define SKEP_REG_SYSCALL2 gprs[3]
#define SKEP_REG_SYSCALL3 gprs[4]
#define SKEP_REG_SYSCALL4 gprs[5]
#define SKEP_REG_SYSCALL5 gprs[6]
#define SKEP_REG_SYSCALL6 gprs[7]

/* The result of the call overwrites the first, which the kernel keeps behind the registers. */
struct pt_regs___skep_s390 {
	unsigned long orig_gpr2;
} __attribute__((preserve_access_index));
#define SKEP_REG_ORIG(regs) (((const struct pt_regs___skep_s390 *)(regs))->orig_gpr2)

#define SKEP_REG_RET gprs[14] /* where the function returns to */
#define SKEP_REG_FP  gprs[11] /* the frame */
#define SKEP_REG_RC  gprs[2]  /* what it returned */
#define SKEP_REG_SP  gprs[15]
#define SKEP_REG_IP  psw_addr

/* sizeof(bpf_user_pt_regs_t), which programs of perf events are given. */
#define SKEP_USER_REGS_SIZE 152

#endif
