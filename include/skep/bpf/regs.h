/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/regs.h - registers of the probed function or system call by what they are for.
 *
 *	PT_REGS_PARM1(ctx) ... PARM8	arguments of a function, where it begins
 *	PT_REGS_PARM1_SYSCALL(regs) ... PARM6_SYSCALL
 *	PT_REGS_RC(ctx)			what it returned, where it ends
 *	PT_REGS_RET, PT_REGS_FP, PT_REGS_SP, PT_REGS_IP
 *
 * These read the context of a kprobe, uprobe or perf event, which is struct pt_regs. What else
 * points to one, as the argument of a system call's function does, is read by those that end in
 * _CORE and _CORE_SYSCALL. struct pt_regs itself may be unknown: nothing of vmlinux.h is needed.
 *
 * The machine is said when compiling: -D__TARGET_ARCH_x86, i386, arm64, arm, riscv, s390, powerpc,
 * mips or loongarch. `skep run` and `skep gen skeleton` do that; otherwise a vmlinux.h that was
 * made by `skep gen vmlinux` says it.
 */
#ifndef SKEP_BPF_REGS_H
#define SKEP_BPF_REGS_H

#include <skep/bpf/helpers.h>
#include <skep/bpf/core.h>

struct pt_regs;

#if defined(__TARGET_ARCH_x86)
#include <skep/bpf/arch/x86.h>
#elif defined(__TARGET_ARCH_i386)
#include <skep/bpf/arch/i386.h>
#elif defined(__TARGET_ARCH_arm64)
#include <skep/bpf/arch/arm64.h>
#elif defined(__TARGET_ARCH_arm)
#include <skep/bpf/arch/arm.h>
#elif defined(__TARGET_ARCH_riscv)
#include <skep/bpf/arch/riscv.h>
#elif defined(__TARGET_ARCH_s390)
#include <skep/bpf/arch/s390.h>
#elif defined(__TARGET_ARCH_powerpc)
#include <skep/bpf/arch/powerpc.h>
#elif defined(__TARGET_ARCH_mips)
#include <skep/bpf/arch/mips.h>
#elif defined(__TARGET_ARCH_loongarch)
#include <skep/bpf/arch/loongarch.h>
#else
#define SKEP_NO_TARGET
typedef unsigned long skep_word;
#endif

#ifndef SKEP_NO_TARGET
#define SKEP_REG(regs, name)	  (((const struct skep_regs *)(regs))->name)
#define SKEP_REG_CORE(regs, name) SKEP_WORD_AT(&((const struct skep_regs *)(regs))->name)
#else
/* An error where a register is asked for, and only there. */
#define SKEP_REG(regs, name)                                                                 \
	({                                                                                   \
		_Static_assert(0, "say for which machine: -D__TARGET_ARCH_x86, arm64, ..."); \
		(void)(regs);                                                                \
		(skep_word)0;                                                                \
	})
#define SKEP_REG_CORE(regs, name) SKEP_REG(regs, name)
#define SKEP_STACK_ARG(n)	  0
#define SKEP_REG_ARGS		  8
#endif

/* A word of the kernel's memory, 0 where there is none. */
#define SKEP_WORD_AT(at)                                          \
	({                                                        \
		skep_word word_ = 0;                              \
		bpf_probe_read_kernel(&word_, sizeof(word_), at); \
		word_;                                            \
	})
#define SKEP_USER_WORD_AT(at)                                   \
	({                                                      \
		skep_word word_ = 0;                            \
		bpf_probe_read_user(&word_, sizeof(word_), at); \
		word_;                                          \
	})

/* The arguments that are on the stack. */
#define SKEP_STACK(regs, n) \
	SKEP_WORD_AT((void *)(unsigned long)(SKEP_REG(regs, SKEP_REG_SP) + SKEP_STACK_ARG(n)))
#define SKEP_STACK_CORE(regs, n) \
	SKEP_WORD_AT((void *)(unsigned long)(SKEP_REG_CORE(regs, SKEP_REG_SP) + SKEP_STACK_ARG(n)))

#define PT_REGS_PARM1(x)      SKEP_REG(x, SKEP_REG_ARG1)
#define PT_REGS_PARM2(x)      SKEP_REG(x, SKEP_REG_ARG2)
#define PT_REGS_PARM3(x)      SKEP_REG(x, SKEP_REG_ARG3)
#define PT_REGS_PARM1_CORE(x) SKEP_REG_CORE(x, SKEP_REG_ARG1)
#define PT_REGS_PARM2_CORE(x) SKEP_REG_CORE(x, SKEP_REG_ARG2)
#define PT_REGS_PARM3_CORE(x) SKEP_REG_CORE(x, SKEP_REG_ARG3)
#if SKEP_REG_ARGS >= 4
#define PT_REGS_PARM4(x)      SKEP_REG(x, SKEP_REG_ARG4)
#define PT_REGS_PARM4_CORE(x) SKEP_REG_CORE(x, SKEP_REG_ARG4)
#else
#define PT_REGS_PARM4(x)      SKEP_STACK(x, 4)
#define PT_REGS_PARM4_CORE(x) SKEP_STACK_CORE(x, 4)
#endif
#if SKEP_REG_ARGS >= 5
#define PT_REGS_PARM5(x)      SKEP_REG(x, SKEP_REG_ARG5)
#define PT_REGS_PARM5_CORE(x) SKEP_REG_CORE(x, SKEP_REG_ARG5)
#else
#define PT_REGS_PARM5(x)      SKEP_STACK(x, 5)
#define PT_REGS_PARM5_CORE(x) SKEP_STACK_CORE(x, 5)
#endif
#if SKEP_REG_ARGS >= 6
#define PT_REGS_PARM6(x)      SKEP_REG(x, SKEP_REG_ARG6)
#define PT_REGS_PARM6_CORE(x) SKEP_REG_CORE(x, SKEP_REG_ARG6)
#else
#define PT_REGS_PARM6(x)      SKEP_STACK(x, 6)
#define PT_REGS_PARM6_CORE(x) SKEP_STACK_CORE(x, 6)
#endif
#if SKEP_REG_ARGS >= 7
#define PT_REGS_PARM7(x)      SKEP_REG(x, SKEP_REG_ARG7)
#define PT_REGS_PARM7_CORE(x) SKEP_REG_CORE(x, SKEP_REG_ARG7)
#else
#define PT_REGS_PARM7(x)      SKEP_STACK(x, 7)
#define PT_REGS_PARM7_CORE(x) SKEP_STACK_CORE(x, 7)
#endif
#if SKEP_REG_ARGS >= 8
#define PT_REGS_PARM8(x)      SKEP_REG(x, SKEP_REG_ARG8)
#define PT_REGS_PARM8_CORE(x) SKEP_REG_CORE(x, SKEP_REG_ARG8)
#else
#define PT_REGS_PARM8(x)      SKEP_STACK(x, 8)
#define PT_REGS_PARM8_CORE(x) SKEP_STACK_CORE(x, 8)
#endif
#define PT_REGS_RET(x)	    SKEP_REG(x, SKEP_REG_RET)
#define PT_REGS_FP(x)	    SKEP_REG(x, SKEP_REG_FP)
#define PT_REGS_RC(x)	    SKEP_REG(x, SKEP_REG_RC)
#define PT_REGS_SP(x)	    SKEP_REG(x, SKEP_REG_SP)
#define PT_REGS_IP(x)	    SKEP_REG(x, SKEP_REG_IP)
#define PT_REGS_RET_CORE(x) SKEP_REG_CORE(x, SKEP_REG_RET)
#define PT_REGS_FP_CORE(x)  SKEP_REG_CORE(x, SKEP_REG_FP)
#define PT_REGS_RC_CORE(x)  SKEP_REG_CORE(x, SKEP_REG_RC)
#define PT_REGS_SP_CORE(x)  SKEP_REG_CORE(x, SKEP_REG_SP)
#define PT_REGS_IP_CORE(x)  SKEP_REG_CORE(x, SKEP_REG_IP)

/* Of system calls. Some machines keep the first argument where the result does not overwrite it. */
#ifdef SKEP_REG_ORIG
#define PT_REGS_PARM1_SYSCALL(x) SKEP_REG_ORIG(x)
#define PT_REGS_PARM1_CORE_SYSCALL(x)                                    \
	({                                                               \
		skep_word word_ = 0;                                     \
		bpf_core_read(&word_, sizeof(word_), &SKEP_REG_ORIG(x)); \
		word_;                                                   \
	})
#else
#define PT_REGS_PARM1_SYSCALL(x)      SKEP_REG(x, SKEP_REG_SYSCALL1)
#define PT_REGS_PARM1_CORE_SYSCALL(x) SKEP_REG_CORE(x, SKEP_REG_SYSCALL1)
#endif
#define PT_REGS_PARM2_SYSCALL(x)      SKEP_REG(x, SKEP_REG_SYSCALL2)
#define PT_REGS_PARM2_CORE_SYSCALL(x) SKEP_REG_CORE(x, SKEP_REG_SYSCALL2)
#define PT_REGS_PARM3_SYSCALL(x)      SKEP_REG(x, SKEP_REG_SYSCALL3)
#define PT_REGS_PARM3_CORE_SYSCALL(x) SKEP_REG_CORE(x, SKEP_REG_SYSCALL3)
#define PT_REGS_PARM4_SYSCALL(x)      SKEP_REG(x, SKEP_REG_SYSCALL4)
#define PT_REGS_PARM4_CORE_SYSCALL(x) SKEP_REG_CORE(x, SKEP_REG_SYSCALL4)
#define PT_REGS_PARM5_SYSCALL(x)      SKEP_REG(x, SKEP_REG_SYSCALL5)
#define PT_REGS_PARM5_CORE_SYSCALL(x) SKEP_REG_CORE(x, SKEP_REG_SYSCALL5)
#define PT_REGS_PARM6_SYSCALL(x)      SKEP_REG(x, SKEP_REG_SYSCALL6)
#define PT_REGS_PARM6_CORE_SYSCALL(x) SKEP_REG_CORE(x, SKEP_REG_SYSCALL6)

/* The registers of the caller in the probe of a system call's function, where it has such. */
#define PT_REGS_SYSCALL_REGS(ctx) ((struct pt_regs *)(unsigned long)PT_REGS_PARM1(ctx))

/*
 * The return address into @ip: of a kprobe where its function begins. Of a kretprobe, on machines
 * with the address on the stack, that of the caller's caller, if the kernel has frame pointers.
 */
#ifdef SKEP_RET_ON_STACK
#define BPF_KPROBE_READ_RET_IP(ip, ctx) \
	({ (ip) = SKEP_WORD_AT((void *)(unsigned long)PT_REGS_RET(ctx)); })
#define BPF_KRETPROBE_READ_RET_IP(ip, ctx) \
	({ (ip) = SKEP_WORD_AT((void *)(unsigned long)(PT_REGS_FP(ctx) + sizeof(skep_word))); })
#else
#define BPF_KPROBE_READ_RET_IP(ip, ctx)	   ({ (ip) = PT_REGS_RET(ctx); })
#define BPF_KRETPROBE_READ_RET_IP(ip, ctx) BPF_KPROBE_READ_RET_IP(ip, ctx)
#endif

/* The context of SEC("perf_event"). */
#if !defined(__VMLINUX_H__) && !defined(__LINUX_BPF_PERF_EVENT_H__) && !defined(SKEP_NO_TARGET)
#define __LINUX_BPF_PERF_EVENT_H__
struct bpf_perf_event_data {
	union {
		struct skep_regs regs;
		char regs_size_[SKEP_USER_REGS_SIZE];
	};
	__u64 sample_period;
	__u64 addr;
};
#endif

#endif
