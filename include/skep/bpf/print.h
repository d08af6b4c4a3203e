/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/print.h - text, formatted in the kernel: %d %u %x %lld %p %s %c, %pI4, %pI6, %pK, %ps
 * (docs of bpf_trace_printk() and bpf_snprintf()). The formats lie in .rodata, so from 5.2 on.
 *
 *	bpf_printk("pid %d opens %s", pid, name);	into the trace pipe, for debugging
 *	BPF_SEQ_PRINTF(ctx->meta->seq, "%d\n", pid);	what a reader of an iterator gets; 5.8
 *	BPF_SNPRINTF(text, sizeof(text), "%d", pid);	5.13
 *	bpf_stream_printk(SKEP_STDERR, "%d\n", pid);	the program's own stream; 7.0
 *
 * All return what their helper returns. Up to twelve arguments, each an integer or a pointer.
 */
#ifndef SKEP_BPF_PRINT_H
#define SKEP_BPF_PRINT_H

#include <skep/bpf/args.h>
#include <skep/bpf/helpers.h>
#include <skep/bpf/kfuncs.h>

/* One after the other: the compiler would make constants of a whole list, without relocations. */
#define SKEP_WORD(x) *next_++ = (__u64)(x)

/* @call, which may name the format and the arguments: format_, words_, and the bytes of these. */
#define SKEP_FORMATTED(call, fmt, args...)                             \
	({                                                             \
		static const char format_[] = fmt;                     \
		__u64 words_[SKEP_NARGS(args) ? SKEP_NARGS(args) : 1]; \
		__u64 *next_ __attribute__((unused)) = words_;         \
                                                                       \
		SKEP_EACH(SKEP_WORD, ##args);                          \
		call;                                                  \
	})
#define SKEP_WORDS_SIZE(args...) (SKEP_NARGS(args) * sizeof(__u64))

/* A line in the kernel's trace pipe: up to three arguments on any kernel, more from 5.16 on. */
#define bpf_printk(fmt, args...) SKEP_CONCAT(SKEP_PRINTK, SKEP_NARGS(args))(fmt, ##args)
#define SKEP_PRINTK0		 SKEP_PRINTK_FEW
#define SKEP_PRINTK1		 SKEP_PRINTK_FEW
#define SKEP_PRINTK2		 SKEP_PRINTK_FEW
#define SKEP_PRINTK3		 SKEP_PRINTK_FEW
#define SKEP_PRINTK4		 SKEP_PRINTK_MANY
#define SKEP_PRINTK5		 SKEP_PRINTK_MANY
#define SKEP_PRINTK6		 SKEP_PRINTK_MANY
#define SKEP_PRINTK7		 SKEP_PRINTK_MANY
#define SKEP_PRINTK8		 SKEP_PRINTK_MANY
#define SKEP_PRINTK9		 SKEP_PRINTK_MANY
#define SKEP_PRINTK10		 SKEP_PRINTK_MANY
#define SKEP_PRINTK11		 SKEP_PRINTK_MANY
#define SKEP_PRINTK12		 SKEP_PRINTK_MANY
#define SKEP_PRINTK_FEW(fmt, args...)                               \
	({                                                          \
		static const char format_[] = fmt;                  \
		bpf_trace_printk(format_, sizeof(format_), ##args); \
	})
#define SKEP_PRINTK_MANY(fmt, args...)                                                             \
	SKEP_FORMATTED(bpf_trace_vprintk(format_, sizeof(format_), words_, SKEP_WORDS_SIZE(args)), \
		       fmt, ##args)

#define BPF_SEQ_PRINTF(seq, fmt, args...)                                                          \
	SKEP_FORMATTED(                                                                            \
		bpf_seq_printf(seq, format_, sizeof(format_), words_, SKEP_WORDS_SIZE(args)), fmt, \
		##args)

/* Returns the bytes that the whole text takes, with its end, also where they did not fit. */
#define BPF_SNPRINTF(out, out_size, fmt, args...)                                                \
	SKEP_FORMATTED(bpf_snprintf(out, out_size, format_, words_, SKEP_WORDS_SIZE(args)), fmt, \
		       ##args)

/* The streams of a program, which `skep inspect` and bpftool show. */
#define SKEP_STDOUT 1
#define SKEP_STDERR 2

#define bpf_stream_printk(stream, fmt, args...)                                                 \
	SKEP_FORMATTED(bpf_stream_vprintk(stream, format_, words_, SKEP_WORDS_SIZE(args)), fmt, \
		       ##args)

#endif
