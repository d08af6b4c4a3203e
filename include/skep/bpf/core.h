/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/core.h - kernel structures whose layout differs from kernel to kernel.
 *
 * A struct marked preserve_access_index (all of vmlinux.h is) has its offsets filled in when the
 * program is loaded. Declare only the members you need, under the kernel's names; a name with a
 * suffix after three underscores ("task_struct___old") stands for the same struct:
 *
 *	struct task_struct___old {
 *		long state;
 *	} __core;
 *
 *	if (bpf_core_field_exists(struct task_struct___old, state))
 *		state = BPF_CORE_READ((struct task_struct___old *)task, state);
 *
 * What the kernel lacks is an error of the program only where the verifier finds that it is used.
 * Reads are in skep/bpf/core_read.h, bitfields in skep/bpf/core_bits.h.
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

/* For a struct that is declared in the program. */
#define __core __attribute__((preserve_access_index))

/* Of a field as an expression, s->a.b[2], or as a type and a member: struct task_struct, mm */
#define bpf_core_field_exists(field...) SKEP_FIELD_INFO(SKEP_CORE_FIELD_EXISTS, field)
#define bpf_core_field_offset(field...) SKEP_FIELD_INFO(SKEP_CORE_BYTE_OFFSET, field)
#define bpf_core_field_size(field...)	SKEP_FIELD_INFO(SKEP_CORE_BYTE_SIZE, field)

#define SKEP_FIELD_INFO(what, field...) \
	__builtin_preserve_field_info(SKEP_CONCAT(SKEP_FIELD, SKEP_NARGS(field))(field), what)
#define SKEP_FIELD1(expression)	  expression
#define SKEP_FIELD2(type, member) ((__typeof__(type) *)0)->member

/* The id of a type in the object's BTF, and in the kernel's. */
#define bpf_core_type_id_local(type)  __builtin_btf_type_id(*(__typeof__(type) *)0, 0)
#define bpf_core_type_id_kernel(type) __builtin_btf_type_id(*(__typeof__(type) *)0, 1)

/* A struct, union, enum or typedef of the kernel; "matches" compares what it is made of too. */
#define bpf_core_type_exists(type)  __builtin_preserve_type_info(*(__typeof__(type) *)0, 0)
#define bpf_core_type_size(type)    __builtin_preserve_type_info(*(__typeof__(type) *)0, 1)
#define bpf_core_type_matches(type) __builtin_preserve_type_info(*(__typeof__(type) *)0, 2)

/* The builtin takes a bare enumerator behind the cast, without parentheses. */
#define bpf_core_enum_value_exists(type, value) \
	__builtin_preserve_enum_value(*(__typeof__(type) *)value, 0)
#define bpf_core_enum_value(type, value) \
	__builtin_preserve_enum_value(*(__typeof__(type) *)value, 1)

/*
 * A pointer that may be read through directly, as if it were trusted, whatever it points to: reads
 * of what is not there give 0. 6.2
 */
#define bpf_core_cast(ptr, type) \
	((__typeof__(type) *)bpf_rdonly_cast((ptr), bpf_core_type_id_kernel(type)))

#include <skep/bpf/core_bits.h>
#include <skep/bpf/core_read.h>

#endif
