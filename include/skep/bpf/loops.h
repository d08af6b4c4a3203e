/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/loops.h - loops that the verifier does not unroll, and jumps to other programs.
 *
 *	bpf_for(i, 0, n) sum += values[i & 63];		0 to n - 1; 6.4
 *	bpf_repeat(100) { if (done()) break; }		6.4
 *	bpf_for_each(task, task, NULL, BPF_TASK_ITER_ALL_PROCS) ...;	6.7
 *
 *	for (i = 0; i < n && can_loop; i++) ...;	any loop; 6.9
 *	while (node) { node = node->next; cond_break; }	6.9
 *
 * These are loops of C: break, continue and return are as always. What an iterator holds is given
 * back however the loop is left. skep_loop() does with a callback, from 5.17 on.
 */
#ifndef SKEP_BPF_LOOPS_H
#define SKEP_BPF_LOOPS_H

#include <skep/bpf/args.h>
#include <skep/bpf/helpers.h>
#include <skep/bpf/kfuncs.h>

#define SKEP_ITER(name) SKEP_CONCAT(skep_##name##_, __LINE__)

/*
 * An iterator of the kernel's, bpf_iter_TYPE_new(), _next() and _destroy(): @cur is what _next()
 * returns. clang describes a function in BTF only if it is named besides being a cleanup.
 */
#define bpf_for_each(type, cur, args...)                                                       \
	for (struct bpf_iter_##type SKEP_ITER(it)                                              \
		     __attribute__((aligned(8), cleanup(bpf_iter_##type##_destroy))),          \
	     *SKEP_ITER(new)                                                                   \
		     __attribute__((unused)) = (bpf_iter_##type##_new(&SKEP_ITER(it), ##args), \
						(void)bpf_iter_##type##_destroy, (void *)0);   \
	     ((cur) = bpf_iter_##type##_next(&SKEP_ITER(it)));)

#define SKEP_FOR_NUM(condition, start, end)                                                   \
	for (struct bpf_iter_num SKEP_ITER(it)                                                \
		     __attribute__((aligned(8), cleanup(bpf_iter_num_destroy))),              \
	     *SKEP_ITER(new)                                                                  \
		     __attribute__((unused)) = (bpf_iter_num_new(&SKEP_ITER(it), start, end), \
						(void)bpf_iter_num_destroy, (void *)0);       \
	     condition;)

/* @i from @start up to @end, which is not reached. It stays within them for the verifier too. */
#define bpf_for(i, start, end)                                                     \
	SKEP_FOR_NUM(({                                                            \
			     int *next_ = bpf_iter_num_next(&SKEP_ITER(it));       \
			     int begin_ = (start), end_ = (end);                   \
                                                                                   \
			     (void)begin_;                                         \
			     next_ && ((i) = *next_, (i) >= begin_ && (i) < end_); \
		     }),                                                           \
		     (start), (end))

#define bpf_repeat(n) SKEP_FOR_NUM(bpf_iter_num_next(&SKEP_ITER(it)), 0, (n))

/*
 * True for a long time, as far as the kernel can tell: 8 million rounds of a program, or a quarter
 * of a second. For the verifier each round may be the last, so that a loop needs no other limit.
 */
#ifndef can_loop
#define can_loop                         \
	({                               \
		__label__ stop_, go_on_; \
		bool more_ = true;       \
                                         \
		SKEP_MAY_GOTO;           \
		goto go_on_;             \
stop_:                                   \
		more_ = false;           \
go_on_:;                                 \
		more_;                   \
	})
#endif

/* Leaves the loop when that is no longer true. */
#ifndef cond_break
#define cond_break      \
	if (can_loop) { \
	} else          \
		break
#endif

/* The instruction byte by byte: clang 14 has no name for it, nor have assemblers for -mcpu=v3. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define SKEP_MAY_GOTO_OFFSET "((%l[stop_] - 1b - 8) / 8) & 0xffff"
#else
#define SKEP_MAY_GOTO_OFFSET "(((%l[stop_] - 1b - 8) / 8) & 0xffff) << 16"
#endif
#define SKEP_MAY_GOTO                                                                      \
	asm volatile goto("1: .byte 0xe5, 0\n\t.long " SKEP_MAY_GOTO_OFFSET "\n\t.short 0" \
			  :                                                                \
			  :                                                                \
			  :                                                                \
			  : stop_)

/*
 * Calls long @each(__u32 i, CONTEXT *ctx) for i from 0 to @n - 1, until it returns 1. Returns how
 * often it was called, or -errno (over 8 million); 5.17.
 */
#define skep_loop(n, each, ctx)                                                    \
	({                                                                         \
		SKEP_SAME_TYPE(&each, (long (*)(__u32, __typeof__(ctx)))0,         \
			       "the callback is no long (*)(__u32, type of ctx)"); \
		bpf_loop(n, (void *)each, ctx, 0);                                 \
	})

/*
 * @i, or @max if it is more: a bound that the compiler does not take away again, for an index that
 * the verifier is to follow.
 */
#define skep_clamp(i, max)                                         \
	({                                                         \
		__u64 index_ = (i);                                \
                                                                   \
		asm volatile("if %[index] <= %[limit] goto +1\n\t" \
			     "%[index] = %[limit]"                 \
			     : [index] "+r"(index_)                \
			     : [limit] "ri"((__u64)(max)));        \
		index_;                                            \
	})

/*
 * Goes on with the program in a slot of a BPF_MAP_TYPE_PROG_ARRAY, known when compiling, so that
 * the JIT makes a direct jump of it (5.5). Comes back only if the slot is empty.
 */
#define bpf_tail_call_static(ctx, map, slot)                                           \
	({                                                                             \
		asm volatile("r1 = %[context]\n\t"                                     \
			     "r2 = %[array]\n\t"                                       \
			     "r3 = %[index]\n\t"                                       \
			     "call 12"                                                 \
			     :                                                         \
			     : [context] "r"(ctx), [array] "r"(map), [index] "i"(slot) \
			     : "r0", "r1", "r2", "r3", "r4", "r5", "memory");          \
	})

#endif
