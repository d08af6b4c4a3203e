/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/probes.h - what is probed, with its arguments by name and type: up to eight.
 *
 *	SEC("kprobe/do_unlinkat")
 *	int BPF_KPROBE(on_unlink, int dir, struct filename *name)
 *
 *	SEC("kretprobe/do_unlinkat")
 *	int BPF_KRETPROBE(on_unlinked, long result)
 *
 *	SEC("uprobe//usr/lib/libc.so.6:malloc")		and BPF_URETPROBE
 *	int BPF_UPROBE(on_malloc, unsigned long size)
 *
 *	SEC("ksyscall/openat")				up to six; result: BPF_KRETPROBE
 *	int BPF_KSYSCALL(on_openat, int dir, const char *path, int flags)
 *
 * Arguments beyond those in registers are read from the stack, where the machine has them. A system
 * call's are found in the registers of its caller where the kernel has wrappers (most machines
 *since 4.17 to 6.6, which the loader tells), and in its own otherwise.
 */
#ifndef SKEP_BPF_PROBES_H
#define SKEP_BPF_PROBES_H

#include <skep/bpf/regs.h>
#include <skep/bpf/tracing.h>

#define SKEP_POINTER(word) (void *)(unsigned long)(word)

#define SKEP_KPROBE0 ctx
#define SKEP_KPROBE1 SKEP_KPROBE0, SKEP_POINTER(PT_REGS_PARM1(ctx))
#define SKEP_KPROBE2 SKEP_KPROBE1, SKEP_POINTER(PT_REGS_PARM2(ctx))
#define SKEP_KPROBE3 SKEP_KPROBE2, SKEP_POINTER(PT_REGS_PARM3(ctx))
#define SKEP_KPROBE4 SKEP_KPROBE3, SKEP_POINTER(PT_REGS_PARM4(ctx))
#define SKEP_KPROBE5 SKEP_KPROBE4, SKEP_POINTER(PT_REGS_PARM5(ctx))
#define SKEP_KPROBE6 SKEP_KPROBE5, SKEP_POINTER(PT_REGS_PARM6(ctx))
#define SKEP_KPROBE7 SKEP_KPROBE6, SKEP_POINTER(PT_REGS_PARM7(ctx))
#define SKEP_KPROBE8 SKEP_KPROBE7, SKEP_POINTER(PT_REGS_PARM8(ctx))

#define BPF_KPROBE(name, args...) \
	SKEP_UNPACK(name, struct pt_regs *ctx, SKEP_CONCAT(SKEP_KPROBE, SKEP_NARGS(args)), ##args)

#define SKEP_KRETPROBE0 ctx
#define SKEP_KRETPROBE1 ctx, SKEP_POINTER(PT_REGS_RC(ctx))

#define BPF_KRETPROBE(name, args...)                                                          \
	SKEP_UNPACK(name, struct pt_regs *ctx, SKEP_CONCAT(SKEP_KRETPROBE, SKEP_NARGS(args)), \
		    ##args)

/* In user space the stack is the user's; functions of some machines have all arguments there. */
#ifndef SKEP_USER_STACK_ARG
#define SKEP_USER_STACK_ARG(n) SKEP_STACK_ARG(n)
#define SKEP_USER_REG_ARGS     SKEP_REG_ARGS
#else
#define SKEP_USER_REG_ARGS 0
#endif
#define SKEP_USER_STACK(ctx, n) \
	SKEP_USER_WORD_AT(SKEP_POINTER(PT_REGS_SP(ctx) + SKEP_USER_STACK_ARG(n)))

#if SKEP_USER_REG_ARGS >= 1
#define SKEP_UPARM1(ctx) PT_REGS_PARM1(ctx)
#else
#define SKEP_UPARM1(ctx) SKEP_USER_STACK(ctx, 1)
#endif
#if SKEP_USER_REG_ARGS >= 2
#define SKEP_UPARM2(ctx) PT_REGS_PARM2(ctx)
#else
#define SKEP_UPARM2(ctx) SKEP_USER_STACK(ctx, 2)
#endif
#if SKEP_USER_REG_ARGS >= 3
#define SKEP_UPARM3(ctx) PT_REGS_PARM3(ctx)
#else
#define SKEP_UPARM3(ctx) SKEP_USER_STACK(ctx, 3)
#endif
#if SKEP_USER_REG_ARGS >= 4
#define SKEP_UPARM4(ctx) PT_REGS_PARM4(ctx)
#else
#define SKEP_UPARM4(ctx) SKEP_USER_STACK(ctx, 4)
#endif
#if SKEP_USER_REG_ARGS >= 5
#define SKEP_UPARM5(ctx) PT_REGS_PARM5(ctx)
#else
#define SKEP_UPARM5(ctx) SKEP_USER_STACK(ctx, 5)
#endif
#if SKEP_USER_REG_ARGS >= 6
#define SKEP_UPARM6(ctx) PT_REGS_PARM6(ctx)
#else
#define SKEP_UPARM6(ctx) SKEP_USER_STACK(ctx, 6)
#endif
#if SKEP_USER_REG_ARGS >= 7
#define SKEP_UPARM7(ctx) PT_REGS_PARM7(ctx)
#else
#define SKEP_UPARM7(ctx) SKEP_USER_STACK(ctx, 7)
#endif
#if SKEP_USER_REG_ARGS >= 8
#define SKEP_UPARM8(ctx) PT_REGS_PARM8(ctx)
#else
#define SKEP_UPARM8(ctx) SKEP_USER_STACK(ctx, 8)
#endif

#define SKEP_UPROBE0 ctx
#define SKEP_UPROBE1 SKEP_UPROBE0, SKEP_POINTER(SKEP_UPARM1(ctx))
#define SKEP_UPROBE2 SKEP_UPROBE1, SKEP_POINTER(SKEP_UPARM2(ctx))
#define SKEP_UPROBE3 SKEP_UPROBE2, SKEP_POINTER(SKEP_UPARM3(ctx))
#define SKEP_UPROBE4 SKEP_UPROBE3, SKEP_POINTER(SKEP_UPARM4(ctx))
#define SKEP_UPROBE5 SKEP_UPROBE4, SKEP_POINTER(SKEP_UPARM5(ctx))
#define SKEP_UPROBE6 SKEP_UPROBE5, SKEP_POINTER(SKEP_UPARM6(ctx))
#define SKEP_UPROBE7 SKEP_UPROBE6, SKEP_POINTER(SKEP_UPARM7(ctx))
#define SKEP_UPROBE8 SKEP_UPROBE7, SKEP_POINTER(SKEP_UPARM8(ctx))

#define BPF_UPROBE(name, args...) \
	SKEP_UNPACK(name, struct pt_regs *ctx, SKEP_CONCAT(SKEP_UPROBE, SKEP_NARGS(args)), ##args)
#define BPF_URETPROBE(name, args...) BPF_KRETPROBE(name, ##args)

extern const _Bool LINUX_HAS_SYSCALL_WRAPPER __kconfig;

#define SKEP_WRAPPED0 ctx
#define SKEP_WRAPPED1 SKEP_WRAPPED0, SKEP_POINTER(PT_REGS_PARM1_CORE_SYSCALL(regs))
#define SKEP_WRAPPED2 SKEP_WRAPPED1, SKEP_POINTER(PT_REGS_PARM2_CORE_SYSCALL(regs))
#define SKEP_WRAPPED3 SKEP_WRAPPED2, SKEP_POINTER(PT_REGS_PARM3_CORE_SYSCALL(regs))
#define SKEP_WRAPPED4 SKEP_WRAPPED3, SKEP_POINTER(PT_REGS_PARM4_CORE_SYSCALL(regs))
#define SKEP_WRAPPED5 SKEP_WRAPPED4, SKEP_POINTER(PT_REGS_PARM5_CORE_SYSCALL(regs))
#define SKEP_WRAPPED6 SKEP_WRAPPED5, SKEP_POINTER(PT_REGS_PARM6_CORE_SYSCALL(regs))

#define BPF_KSYSCALL(name, args...)                                                                        \
	name(struct pt_regs *ctx);                                                                         \
	static inline __attribute__((always_inline)) __typeof__(name(0)) skep_##name(                      \
		struct pt_regs *ctx, ##args);                                                              \
	__typeof__(name(0)) name(struct pt_regs *ctx)                                                      \
	{                                                                                                  \
		struct pt_regs *regs = PT_REGS_SYSCALL_REGS(ctx);                                          \
		(void)regs;                                                                                \
		_Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wint-conversion\"") if ( \
			LINUX_HAS_SYSCALL_WRAPPER) return skep_##name(SKEP_CONCAT(SKEP_WRAPPED,            \
										  SKEP_NARGS(              \
											  args)));         \
		return skep_##name(SKEP_CONCAT(SKEP_KPROBE, SKEP_NARGS(args)));                            \
		_Pragma("GCC diagnostic pop")                                                              \
	}                                                                                                  \
	static inline __attribute__((always_inline)) __typeof__(name(0)) skep_##name(                      \
		struct pt_regs *ctx __attribute__((unused)), ##args)

/* libbpf's name until 1.0. */
#define BPF_KPROBE_SYSCALL BPF_KSYSCALL

#endif
