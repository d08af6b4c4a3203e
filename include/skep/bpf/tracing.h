/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/tracing.h - a tracing program's arguments by name and type.
 *
 *	SEC("tp_btf/sched_process_exit")
 *	int BPF_PROG(on_exit, struct task_struct *task)
 *
 * The context of tp_btf, raw_tp, fentry, fexit, lsm and iter programs is an array of 64-bit words,
 * one an argument; up to six are named.
 */
#ifndef SKEP_BPF_TRACING_H
#define SKEP_BPF_TRACING_H

#define SKEP_PROG_NARGS(...)			      SKEP_PROG_NARGS_(_, ##__VA_ARGS__, 6, 5, 4, 3, 2, 1, 0)
#define SKEP_PROG_NARGS_(_, a, b, c, d, e, f, n, ...) n
#define SKEP_PROG_CAT(a, b)			      SKEP_PROG_CAT_(a, b)
#define SKEP_PROG_CAT_(a, b)			      a##b

#define SKEP_CTX0 ctx
#define SKEP_CTX1 ctx, (void *)ctx[0]
#define SKEP_CTX2 SKEP_CTX1, (void *)ctx[1]
#define SKEP_CTX3 SKEP_CTX2, (void *)ctx[2]
#define SKEP_CTX4 SKEP_CTX3, (void *)ctx[3]
#define SKEP_CTX5 SKEP_CTX4, (void *)ctx[4]
#define SKEP_CTX6 SKEP_CTX5, (void *)ctx[5]

#define BPF_PROG(name, args...)                                                                    \
	name(unsigned long long *ctx);                                                             \
	static inline __attribute__((always_inline)) __typeof__(name(0)) skep_##name(              \
		unsigned long long *ctx, ##args);                                                  \
	__typeof__(name(0)) name(unsigned long long *ctx)                                          \
	{                                                                                          \
		_Pragma("GCC diagnostic push")                                                     \
			_Pragma("GCC diagnostic ignored \"-Wint-conversion\"") return skep_##name( \
				SKEP_PROG_CAT(SKEP_CTX, SKEP_PROG_NARGS(args)));                   \
		_Pragma("GCC diagnostic pop")                                                      \
	}                                                                                          \
	static inline __attribute__((always_inline)) __typeof__(name(0)) skep_##name(              \
		unsigned long long *ctx __attribute__((unused)), ##args)

#endif
