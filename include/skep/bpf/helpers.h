/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/helpers.h - what every BPF program needs: sections, map definitions, helpers.
 *
 * Include it after vmlinux.h or linux/bpf.h if you include one of those, or alone. The names are
 * those that programs written for libbpf use.
 */
#ifndef SKEP_BPF_HELPERS_H
#define SKEP_BPF_HELPERS_H

#include <skep/bpf/types.h>
#include <skep/bpf/helpers_gen.h>

/* The section that says what a program or variable is. */
#define SEC(name) __attribute__((section(name), used))

/* Members of a map definition in SEC(".maps"): a number, a type, a 64-bit number, an array. */
#define __uint(name, value)  int(*name)[value]
#define __type(name, value)  __typeof__(value) *name
#define __ulong(name, value) enum { SKEP_CONCAT(skep_ulong_, __COUNTER__) = value } name
#define __array(name, value) __typeof__(value) *name[]
#define SKEP_CONCAT(a, b)    SKEP_CONCAT_(a, b)
#define SKEP_CONCAT_(a, b)   a##b

/* __uint(pinning, LIBBPF_PIN_BY_NAME) */
enum libbpf_pin_type { LIBBPF_PIN_NONE, LIBBPF_PIN_BY_NAME };

#undef __always_inline
#define __always_inline inline __attribute__((always_inline))
#ifndef __noinline
#define __noinline __attribute__((noinline))
#endif
#ifndef __weak
#define __weak __attribute__((weak))
#endif
/* Variables and pointers in the address space of the object's arena. */
#define __arena __attribute__((address_space(1)))

#define __hidden  __attribute__((visibility("hidden")))
#define __kconfig __attribute__((section(".kconfig")))
#define __ksym	  __attribute__((section(".ksyms")))
#ifndef __kptr
#define __kptr __attribute__((btf_type_tag("kptr")))
#endif

/* What an option of the kernel is that may be a module: extern enum skep_tristate CONFIG_X
 * __kconfig */
enum skep_tristate { SKEP_NO, SKEP_YES, SKEP_MODULE };

/*
 * Whether the kernel has a symbol that is declared __ksym __weak. A pointer that is compared goes
 * through a variable, so that the compiler cannot say that an address is never 0.
 */
#ifndef bpf_ksym_exists
#define bpf_ksym_exists(symbol)                        \
	({                                             \
		const void *symbol_ = (void *)&symbol; \
		asm volatile("" : "+r"(symbol_));      \
		!!symbol_;                             \
	})
#endif

/* Keeps the compiler from moving memory accesses across. */
#ifndef barrier
#define barrier() asm volatile("" ::: "memory")
#endif

#ifndef offsetof
#define offsetof(type, member) __builtin_offsetof(type, member)
#endif
#ifndef container_of
#define container_of(ptr, type, member)                                   \
	({                                                                \
		void *member_ptr_ = (void *)(ptr);                        \
		(type *)(member_ptr_ - __builtin_offsetof(type, member)); \
	})
#endif

/* One read or write, neither left out nor repeated by the compiler. */
#ifndef READ_ONCE
#define READ_ONCE(x) (*(volatile __typeof__(x) *)&(x))
#endif
#ifndef WRITE_ONCE
#define WRITE_ONCE(x, value) (*(volatile __typeof__(x) *)&(x) = (value))
#endif

/*
 * A line in the kernel's trace pipe, for debugging: at most three arguments. The format lies in
 * .rodata, so kernels from 5.2 on take it.
 */
#define bpf_printk(fmt, args...)                                                  \
	({                                                                        \
		static const char printk_format_[] = fmt;                         \
		bpf_trace_printk(printk_format_, sizeof(printk_format_), ##args); \
	})

#endif
