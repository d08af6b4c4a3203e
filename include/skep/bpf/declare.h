/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/declare.h - what a function, a variable or a pointer is to the loader and the verifier.
 *
 *	char LICENSE[] SEC("license") = "GPL";
 *	const volatile __u32 only_pid;			set before loading, then constant
 *	__u64 hits;					read and written while running
 *	extern int CONFIG_HZ __kconfig;			an option of the kernel
 *	extern const void bpf_prog_fops __ksym;		the address of a symbol of the kernel
 *	extern struct task_struct *bpf_task_from_pid(int pid) __ksym __weak;
 *
 * With __weak the program is loaded also where the kernel lacks the option, symbol or function:
 * an option is then 0, and bpf_ksym_exists() says so of the others.
 */
#ifndef SKEP_BPF_DECLARE_H
#define SKEP_BPF_DECLARE_H

/* The section that says what a program or variable is: docs/sections.md has all names. */
#define SEC(name) __attribute__((section(name), used))

#undef __always_inline
#define __always_inline inline __attribute__((always_inline))
#ifndef __noinline
#define __noinline __attribute__((noinline))
#endif
#ifndef __weak
#define __weak __attribute__((weak))
#endif

/* A function that is verified where it is called, although it is not static; or a variable that
 * the user side does not see. */
#define __hidden __attribute__((visibility("hidden")))

/* What bpftool writes vmlinux.h with begins its prototypes of kfuncs so. */
#if defined(__VMLINUX_H__) && defined(__ksym)
#define SKEP_VMLINUX_HAS_KFUNCS
#endif

#undef __kconfig
#define __kconfig __attribute__((section(".kconfig")))
#undef __ksym
#define __ksym __attribute__((section(".ksyms")))

/* What an option of the kernel is that may be a module: extern enum skep_tristate CONFIG_X
 * __kconfig */
enum skep_tristate { SKEP_NO, SKEP_YES, SKEP_MODULE };

/* libbpf's names of the same. */
enum libbpf_tristate { TRI_NO, TRI_YES, TRI_MODULE };

/*
 * Whether the kernel has a symbol that is declared __ksym __weak. A pointer that is compared goes
 * through a variable, so that the compiler cannot say that an address is never 0.
 */
#undef bpf_ksym_exists
#define bpf_ksym_exists(symbol)                        \
	({                                             \
		const void *symbol_ = (void *)&symbol; \
		asm volatile("" : "+r"(symbol_));      \
		!!symbol_;                             \
	})

/*
 * Parameters of global functions (not static, not __hidden), which the verifier looks at once and
 * for themselves: what every caller promises. libskep gives the older kernels, before 6.8, what
 * they need of __arg_ctx.
 */
#define __arg_ctx	__attribute__((btf_decl_tag("arg:ctx")))       /* the context */
#define __arg_nonnull	__attribute__((btf_decl_tag("arg:nonnull")))   /* 6.8 */
#define __arg_nullable	__attribute__((btf_decl_tag("arg:nullable")))  /* 6.9 */
#define __arg_trusted	__attribute__((btf_decl_tag("arg:trusted")))   /* a kernel object, 6.9 */
#define __arg_untrusted __attribute__((btf_decl_tag("arg:untrusted"))) /* any address, 6.17 */
#define __arg_arena	__attribute__((btf_decl_tag("arg:arena")))     /* 6.9 */

/* Pointers to objects of the kernel in the values of maps: struct task_struct __kptr *task; */
#undef __kptr
#define __kptr __attribute__((btf_type_tag("kptr"))) /* owned, bpf_kptr_xchg(); 5.19 */
#undef __kptr_untrusted
#define __kptr_untrusted __attribute__((btf_type_tag("kptr_untrusted"))) /* 5.19 */
#undef __kptr_ref
#define __kptr_ref __attribute__((btf_type_tag("kptr_ref"))) /* what __kptr is before 6.4 */
#undef __percpu_kptr
#define __percpu_kptr __attribute__((btf_type_tag("percpu_kptr"))) /* 6.6 */
#undef __uptr
#define __uptr __attribute__((btf_type_tag("uptr"))) /* memory of user space, 6.13 */

/*
 * What a list or tree of objects is made of (6.1, 6.3): struct bpf_list_head head
 * __contains(struct_name, member), with the spin lock in the same variable of a section of its own:
 * __private(A) struct bpf_spin_lock lock; __private(A) struct bpf_list_head head ...;
 */
#define __contains(type, node) __attribute__((btf_decl_tag("contains:" #type ":" #node)))
#define __private(name)	       SEC(".bss." #name) __hidden __attribute__((aligned(8)))
#define __exception_cb(program) \
	__attribute__((btf_decl_tag("exception_callback:" #program))) /* 6.7 */

/* Variables and pointers in the address space of the object's arena (6.9, clang 19). */
#undef __arena
#define __arena __attribute__((address_space(1)))
#undef __arena_global
#define __arena_global __attribute__((address_space(1))) SEC(".addr_space.1")

/* Keeps the compiler from moving memory accesses across. */
#ifndef barrier
#define barrier() asm volatile("" ::: "memory")
#endif

/* Keeps the compiler from knowing more of a variable than the verifier does. */
#ifndef barrier_var
#define barrier_var(variable) asm volatile("" : "+r"(variable))
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

#endif
