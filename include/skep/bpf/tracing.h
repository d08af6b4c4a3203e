/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/tracing.h - a tracing program's arguments by name and type.
 *
 *	SEC("tp_btf/sched_process_exit")
 *	int BPF_PROG(on_exit, struct task_struct *task)
 *
 * BPF_PROG: tp_btf, raw_tp, fentry, fexit, fmod_ret, lsm, iter and struct_ops, whose context is an
 * array of 64-bit words, one an argument; up to twelve. What fexit and fmod_ret return is the last.
 * BPF_PROG2(name, type, argument, type, argument, ...): the same where structs are passed by value;
 * up to six.
 *
 * Probes of functions and system calls are in skep/bpf/probes.h.
 *
 * The function that takes the arguments is inlined: one that is not named costs nothing. An
 *argument that is narrower than 64 bits is cut to its width, as its upper bits may hold anything.
 */
#ifndef SKEP_BPF_TRACING_H
#define SKEP_BPF_TRACING_H

#include <skep/bpf/args.h>
#include <skep/bpf/declare.h>

#define SKEP_CTX0  ctx
#define SKEP_CTX1  ctx, (void *)ctx[0]
#define SKEP_CTX2  SKEP_CTX1, (void *)ctx[1]
#define SKEP_CTX3  SKEP_CTX2, (void *)ctx[2]
#define SKEP_CTX4  SKEP_CTX3, (void *)ctx[3]
#define SKEP_CTX5  SKEP_CTX4, (void *)ctx[4]
#define SKEP_CTX6  SKEP_CTX5, (void *)ctx[5]
#define SKEP_CTX7  SKEP_CTX6, (void *)ctx[6]
#define SKEP_CTX8  SKEP_CTX7, (void *)ctx[7]
#define SKEP_CTX9  SKEP_CTX8, (void *)ctx[8]
#define SKEP_CTX10 SKEP_CTX9, (void *)ctx[9]
#define SKEP_CTX11 SKEP_CTX10, (void *)ctx[10]
#define SKEP_CTX12 SKEP_CTX11, (void *)ctx[11]

/* @name(context) calls what the program's author writes behind, with @values for its parameters. */
#define SKEP_UNPACK(name, context, values, args...)                                                \
	name(context);                                                                             \
	static inline                                                                              \
		__attribute__((always_inline)) __typeof__(name(0)) skep_##name(context, ##args);   \
	__typeof__(name(0)) name(context)                                                          \
	{                                                                                          \
		_Pragma("GCC diagnostic push") _Pragma(                                            \
			"GCC diagnostic ignored \"-Wint-conversion\"") return skep_##name(values); \
		_Pragma("GCC diagnostic pop")                                                      \
	}                                                                                          \
	static inline __attribute__((always_inline)) __typeof__(name(0)) skep_##name(              \
		context __attribute__((unused)), ##args)

#define BPF_PROG(name, args...) \
	SKEP_UNPACK(name, unsigned long long *ctx, SKEP_CONCAT(SKEP_CTX, SKEP_NARGS(args)), ##args)

/* Words of the context that a type takes. */
#define SKEP_TYPE_WORDS(type) ((sizeof(type) + 7) / 8)

/* The bytes of an argument: narrow ones are the low bits of their word, whatever the byte order. */
#define SKEP_TYPE_AT(type, at)                                                      \
	({                                                                          \
		union {                                                             \
			type value;                                                 \
			__u8 bits8;                                                 \
			__u16 bits16;                                               \
			__u32 bits32;                                               \
			__u64 words[SKEP_TYPE_WORDS(type)];                         \
		} as_;                                                              \
		if (sizeof(type) == 1)                                              \
			as_.bits8 = ctx[at];                                        \
		else if (sizeof(type) == 2)                                         \
			as_.bits16 = ctx[at];                                       \
		else if (sizeof(type) == 4)                                         \
			as_.bits32 = ctx[at];                                       \
		else                                                                \
			for (unsigned int w_ = 0; w_ < SKEP_TYPE_WORDS(type); w_++) \
				as_.words[w_] = ctx[(at) + w_];                     \
		as_.value;                                                          \
	})

#define SKEP_VALUES0(at)
#define SKEP_VALUES2(at, type, name) , SKEP_TYPE_AT(type, at)
#define SKEP_VALUES4(at, type, name, rest...) \
	, SKEP_TYPE_AT(type, at) SKEP_VALUES2((at) + SKEP_TYPE_WORDS(type), rest)
#define SKEP_VALUES6(at, type, name, rest...) \
	, SKEP_TYPE_AT(type, at) SKEP_VALUES4((at) + SKEP_TYPE_WORDS(type), rest)
#define SKEP_VALUES8(at, type, name, rest...) \
	, SKEP_TYPE_AT(type, at) SKEP_VALUES6((at) + SKEP_TYPE_WORDS(type), rest)
#define SKEP_VALUES10(at, type, name, rest...) \
	, SKEP_TYPE_AT(type, at) SKEP_VALUES8((at) + SKEP_TYPE_WORDS(type), rest)
#define SKEP_VALUES12(at, type, name, rest...) \
	, SKEP_TYPE_AT(type, at) SKEP_VALUES10((at) + SKEP_TYPE_WORDS(type), rest)

#define SKEP_PARAMETERS0()
#define SKEP_PARAMETERS2(type, name)	       , type name
#define SKEP_PARAMETERS4(type, name, rest...)  , type name SKEP_PARAMETERS2(rest)
#define SKEP_PARAMETERS6(type, name, rest...)  , type name SKEP_PARAMETERS4(rest)
#define SKEP_PARAMETERS8(type, name, rest...)  , type name SKEP_PARAMETERS6(rest)
#define SKEP_PARAMETERS10(type, name, rest...) , type name SKEP_PARAMETERS8(rest)
#define SKEP_PARAMETERS12(type, name, rest...) , type name SKEP_PARAMETERS10(rest)

#define BPF_PROG2(name, args...)                                                               \
	name(unsigned long long *ctx);                                                         \
	static inline __attribute__((always_inline)) __typeof__(name(0)) skep_##name(          \
		unsigned long long *ctx SKEP_CONCAT(SKEP_PARAMETERS, SKEP_NARGS(args))(args)); \
	__typeof__(name(0)) name(unsigned long long *ctx)                                      \
	{                                                                                      \
		return skep_##name(ctx SKEP_CONCAT(SKEP_VALUES, SKEP_NARGS(args))(0, ##args)); \
	}                                                                                      \
	static inline __attribute__((always_inline)) __typeof__(name(0)) skep_##name(          \
		unsigned long long *ctx __attribute__((unused))                                \
		SKEP_CONCAT(SKEP_PARAMETERS, SKEP_NARGS(args))(args))

#endif
