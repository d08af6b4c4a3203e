/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/core.h - reading kernel structures whose layout differs from kernel to kernel.
 *
 * A struct marked preserve_access_index (all of vmlinux.h is) has its offsets filled in when the
 * program is loaded. Declare only the members you need, under the kernel's names; a name with a
 * suffix after three underscores ("task_struct___old") stands for the same struct.
 *
 * These macros need skep/bpf/helpers.h.
 */
#ifndef SKEP_BPF_CORE_H
#define SKEP_BPF_CORE_H

#include <skep/bpf/helpers.h>

/* The numbers that clang's builtins take. */
enum skep_core_field {
	SKEP_CORE_BYTE_OFFSET,
	SKEP_CORE_BYTE_SIZE,
	SKEP_CORE_FIELD_EXISTS,
	SKEP_CORE_SIGNED,
	SKEP_CORE_LSHIFT,
	SKEP_CORE_RSHIFT
};

#define bpf_core_field_exists(field) __builtin_preserve_field_info(field, SKEP_CORE_FIELD_EXISTS)
#define bpf_core_field_offset(field) __builtin_preserve_field_info(field, SKEP_CORE_BYTE_OFFSET)
#define bpf_core_field_size(field)   __builtin_preserve_field_info(field, SKEP_CORE_BYTE_SIZE)

#define bpf_core_type_id_local(type)  __builtin_btf_type_id(*(__typeof__(type) *)0, 0)
#define bpf_core_type_id_kernel(type) __builtin_btf_type_id(*(__typeof__(type) *)0, 1)
#define bpf_core_type_exists(type)    __builtin_preserve_type_info(*(__typeof__(type) *)0, 0)
#define bpf_core_type_size(type)      __builtin_preserve_type_info(*(__typeof__(type) *)0, 1)
#define bpf_core_type_matches(type)   __builtin_preserve_type_info(*(__typeof__(type) *)0, 2)

/* The builtin takes a bare enumerator behind the cast, without parentheses. */
#define bpf_core_enum_value_exists(type, value) \
	__builtin_preserve_enum_value(*(__typeof__(type) *)value, 0)
#define bpf_core_enum_value(type, value) \
	__builtin_preserve_enum_value(*(__typeof__(type) *)value, 1)

/* Copies @size bytes from a relocated address; @src is an expression such as &task->pid. */
#define bpf_core_read(dst, size, src) \
	bpf_probe_read_kernel(dst, size, (const void *)__builtin_preserve_access_index(src))
#define bpf_core_read_str(dst, size, src) \
	bpf_probe_read_kernel_str(dst, size, (const void *)__builtin_preserve_access_index(src))

/* Chains: SKEP_CHAIN_n reads all but the last of n members, each through the one before. */
#define SKEP_NARGS(...)				    SKEP_NARGS_(__VA_ARGS__, 8, 7, 6, 5, 4, 3, 2, 1, 0)
#define SKEP_NARGS_(a, b, c, d, e, f, g, h, n, ...) n

#define SKEP_READ1(src, a)                                         \
	({                                                         \
		__typeof__((src)->a) value_;                       \
		bpf_core_read(&value_, sizeof(value_), &(src)->a); \
		value_;                                            \
	})
#define SKEP_READ2(src, a, b)                                  \
	({                                                     \
		__typeof__((src)->a) p1_ = SKEP_READ1(src, a); \
		SKEP_READ1(p1_, b);                            \
	})
#define SKEP_READ3(src, a, b, c)                                     \
	({                                                           \
		__typeof__((src)->a->b) p2_ = SKEP_READ2(src, a, b); \
		SKEP_READ1(p2_, c);                                  \
	})
#define SKEP_READ4(src, a, b, c, d)                                        \
	({                                                                 \
		__typeof__((src)->a->b->c) p3_ = SKEP_READ3(src, a, b, c); \
		SKEP_READ1(p3_, d);                                        \
	})
#define SKEP_READ5(src, a, b, c, d, e)                                           \
	({                                                                       \
		__typeof__((src)->a->b->c->d) p4_ = SKEP_READ4(src, a, b, c, d); \
		SKEP_READ1(p4_, e);                                              \
	})
#define SKEP_READ6(src, a, b, c, d, e, f)                                              \
	({                                                                             \
		__typeof__((src)->a->b->c->d->e) p5_ = SKEP_READ5(src, a, b, c, d, e); \
		SKEP_READ1(p5_, f);                                                    \
	})

/*
 * BPF_CORE_READ(task, mm, exe_file, f_flags) is task->mm->exe_file->f_flags, each step read and
 * relocated: up to six members. A step that cannot be read gives zero.
 */
#define BPF_CORE_READ(src, args...) SKEP_CONCAT(SKEP_READ, SKEP_NARGS(args))(src, args)

#define BPF_CORE_READ_INTO(dst, src, args...)      \
	({                                         \
		*(dst) = BPF_CORE_READ(src, args); \
		0;                                 \
	})

/* A bitfield of a struct that the program may read directly (s is a trusted pointer). */
#define BPF_CORE_READ_BITFIELD(s, field) SKEP_BITFIELD(s, field, SKEP_BITFIELD_DIRECT)

/* A bitfield read through bpf_probe_read_kernel. */
#define BPF_CORE_READ_BITFIELD_PROBED(s, field) SKEP_BITFIELD(s, field, SKEP_BITFIELD_PROBED)

#define SKEP_BITFIELD(s, field, read)                                                             \
	({                                                                                        \
		const void *at_ = (const void *)(s) + __builtin_preserve_field_info(              \
							      (s)->field, SKEP_CORE_BYTE_OFFSET); \
		__u32 size_ = __builtin_preserve_field_info((s)->field, SKEP_CORE_BYTE_SIZE);     \
		__u64 bits_ = 0;                                                                  \
		read(bits_, at_, size_);                                                          \
		bits_ <<= __builtin_preserve_field_info((s)->field, SKEP_CORE_LSHIFT);            \
		if (__builtin_preserve_field_info((s)->field, SKEP_CORE_SIGNED))                  \
			bits_ = (__u64)((__s64)bits_ >> __builtin_preserve_field_info(            \
								(s)->field, SKEP_CORE_RSHIFT));   \
		else                                                                              \
			bits_ >>= __builtin_preserve_field_info((s)->field, SKEP_CORE_RSHIFT);    \
		bits_;                                                                            \
	})

/* The compiler must not merge the four widths: each is its own load instruction. */
#define SKEP_BITFIELD_DIRECT(bits, at, size)                  \
	do {                                                  \
		barrier();                                    \
		switch (size) {                               \
		case 1:                                       \
			bits = *(const volatile __u8 *)(at);  \
			break;                                \
		case 2:                                       \
			bits = *(const volatile __u16 *)(at); \
			break;                                \
		case 4:                                       \
			bits = *(const volatile __u32 *)(at); \
			break;                                \
		case 8:                                       \
			bits = *(const volatile __u64 *)(at); \
			break;                                \
		}                                             \
	} while (0)

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define SKEP_BITFIELD_PROBED(bits, at, size) bpf_probe_read_kernel(&(bits), size, at)
#else
#define SKEP_BITFIELD_PROBED(bits, at, size) \
	bpf_probe_read_kernel((void *)&(bits) + (8 - (size)), size, at)
#endif

#endif
