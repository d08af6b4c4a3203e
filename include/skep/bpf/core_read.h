/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/core_read.h - following pointers through memory that a program may not read directly.
 *
 *	BPF_CORE_READ(task, mm, exe_file, f_flags)	task->mm->exe_file->f_flags
 *	BPF_CORE_READ_INTO(&flags, task, mm, exe_file, f_flags)
 *	BPF_CORE_READ_STR_INTO(&name, file, f_path.dentry, d_name.name)
 *
 * Up to nine members, the steps between them pointers, each step read by a helper. The first form
 * is the value, 0 when a step cannot be read; it cannot be an array. The second returns 0 or
 * -errno, the third the length with its end or -errno; both write all of *dst, zeros on failure. A
 * step that fails leaves 0, from which the next goes on: on s390x there is memory at 0.
 *
 *			of the kernel, relocated	as they are declared
 *	kernel memory	BPF_CORE_READ			BPF_PROBE_READ
 *	user memory	BPF_CORE_READ_USER		BPF_PROBE_READ_USER
 *
 * and each with _INTO and _STR_INTO. "Relocated" asks the running kernel's BTF where a member is;
 * structs of programs of user space do not change with the kernel: BPF_PROBE_READ_USER.
 */
#ifndef SKEP_BPF_CORE_READ_H
#define SKEP_BPF_CORE_READ_H

#include <skep/bpf/helpers.h>

/* Copies @size bytes from a relocated address; @src is an expression such as &task->pid. */
#define bpf_core_read(dst, size, src)	   SKEP_CORE_COPY(bpf_probe_read_kernel, dst, size, src)
#define bpf_core_read_str(dst, size, src)  SKEP_CORE_COPY(bpf_probe_read_kernel_str, dst, size, src)
#define bpf_core_read_user(dst, size, src) SKEP_CORE_COPY(bpf_probe_read_user, dst, size, src)
#define bpf_core_read_user_str(dst, size, src) \
	SKEP_CORE_COPY(bpf_probe_read_user_str, dst, size, src)
#define SKEP_CORE_COPY(helper, dst, size, src) \
	helper(dst, size, (const void *)__builtin_preserve_access_index(src))

/* SKEP_TOn(copy, src, members): the pointer that has the last of n members. */
#define SKEP_TO1(copy, src, a) (src)
#define SKEP_TO2(copy, src, a, b)                            \
	({                                                   \
		__auto_type from2_ = SKEP_TO1(copy, src, a); \
		__typeof__((src)->a) to2_;                   \
		copy(&to2_, sizeof(to2_), &from2_->a);       \
		to2_;                                        \
	})
#define SKEP_TO3(copy, src, a, b, c)                            \
	({                                                      \
		__auto_type from3_ = SKEP_TO2(copy, src, a, b); \
		__typeof__((src)->a->b) to3_;                   \
		copy(&to3_, sizeof(to3_), &from3_->b);          \
		to3_;                                           \
	})
#define SKEP_TO4(copy, src, a, b, c, d)                            \
	({                                                         \
		__auto_type from4_ = SKEP_TO3(copy, src, a, b, c); \
		__typeof__((src)->a->b->c) to4_;                   \
		copy(&to4_, sizeof(to4_), &from4_->c);             \
		to4_;                                              \
	})
#define SKEP_TO5(copy, src, a, b, c, d, e)                            \
	({                                                            \
		__auto_type from5_ = SKEP_TO4(copy, src, a, b, c, d); \
		__typeof__((src)->a->b->c->d) to5_;                   \
		copy(&to5_, sizeof(to5_), &from5_->d);                \
		to5_;                                                 \
	})
#define SKEP_TO6(copy, src, a, b, c, d, e, f)                            \
	({                                                               \
		__auto_type from6_ = SKEP_TO5(copy, src, a, b, c, d, e); \
		__typeof__((src)->a->b->c->d->e) to6_;                   \
		copy(&to6_, sizeof(to6_), &from6_->e);                   \
		to6_;                                                    \
	})
#define SKEP_TO7(copy, src, a, b, c, d, e, f, g)                            \
	({                                                                  \
		__auto_type from7_ = SKEP_TO6(copy, src, a, b, c, d, e, f); \
		__typeof__((src)->a->b->c->d->e->f) to7_;                   \
		copy(&to7_, sizeof(to7_), &from7_->f);                      \
		to7_;                                                       \
	})
#define SKEP_TO8(copy, src, a, b, c, d, e, f, g, h)                            \
	({                                                                     \
		__auto_type from8_ = SKEP_TO7(copy, src, a, b, c, d, e, f, g); \
		__typeof__((src)->a->b->c->d->e->f->g) to8_;                   \
		copy(&to8_, sizeof(to8_), &from8_->g);                         \
		to8_;                                                          \
	})
#define SKEP_TO9(copy, src, a, b, c, d, e, f, g, h, i)                            \
	({                                                                        \
		__auto_type from9_ = SKEP_TO8(copy, src, a, b, c, d, e, f, g, h); \
		__typeof__((src)->a->b->c->d->e->f->g->h) to9_;                   \
		copy(&to9_, sizeof(to9_), &from9_->h);                            \
		to9_;                                                             \
	})

#define SKEP_LAST1(a)			      a
#define SKEP_LAST2(a, b)		      b
#define SKEP_LAST3(a, b, c)		      c
#define SKEP_LAST4(a, b, c, d)		      d
#define SKEP_LAST5(a, b, c, d, e)	      e
#define SKEP_LAST6(a, b, c, d, e, f)	      f
#define SKEP_LAST7(a, b, c, d, e, f, g)	      g
#define SKEP_LAST8(a, b, c, d, e, f, g, h)    h
#define SKEP_LAST9(a, b, c, d, e, f, g, h, i) i

/* The path as it would be written for memory that can be read: its type is the result's. */
#define SKEP_PATH1(src, a)			   (src)->a
#define SKEP_PATH2(src, a, b)			   (src)->a->b
#define SKEP_PATH3(src, a, b, c)		   (src)->a->b->c
#define SKEP_PATH4(src, a, b, c, d)		   (src)->a->b->c->d
#define SKEP_PATH5(src, a, b, c, d, e)		   (src)->a->b->c->d->e
#define SKEP_PATH6(src, a, b, c, d, e, f)	   (src)->a->b->c->d->e->f
#define SKEP_PATH7(src, a, b, c, d, e, f, g)	   (src)->a->b->c->d->e->f->g
#define SKEP_PATH8(src, a, b, c, d, e, f, g, h)	   (src)->a->b->c->d->e->f->g->h
#define SKEP_PATH9(src, a, b, c, d, e, f, g, h, i) (src)->a->b->c->d->e->f->g->h->i

#define SKEP_READ_INTO(copy, last, dst, src, members...)                                         \
	({                                                                                       \
		__auto_type at_ = SKEP_CONCAT(SKEP_TO, SKEP_NARGS(members))(copy, src, members); \
		last(dst, sizeof(*(dst)),                                                        \
		     &at_->SKEP_CONCAT(SKEP_LAST, SKEP_NARGS(members))(members));                \
	})

#define SKEP_READ(copy, src, members...)                                                      \
	({                                                                                    \
		__typeof__(SKEP_CONCAT(SKEP_PATH, SKEP_NARGS(members))(src, members)) value_; \
		SKEP_READ_INTO(copy, copy, &value_, src, members);                            \
		value_;                                                                       \
	})

#define BPF_CORE_READ(src, members...) SKEP_READ(bpf_core_read, src, members)
#define BPF_CORE_READ_INTO(dst, src, members...) \
	SKEP_READ_INTO(bpf_core_read, bpf_core_read, dst, src, members)
#define BPF_CORE_READ_STR_INTO(dst, src, members...) \
	SKEP_READ_INTO(bpf_core_read, bpf_core_read_str, dst, src, members)

#define BPF_CORE_READ_USER(src, members...) SKEP_READ(bpf_core_read_user, src, members)
#define BPF_CORE_READ_USER_INTO(dst, src, members...) \
	SKEP_READ_INTO(bpf_core_read_user, bpf_core_read_user, dst, src, members)
#define BPF_CORE_READ_USER_STR_INTO(dst, src, members...) \
	SKEP_READ_INTO(bpf_core_read_user, bpf_core_read_user_str, dst, src, members)

#define BPF_PROBE_READ(src, members...) SKEP_READ(bpf_probe_read_kernel, src, members)
#define BPF_PROBE_READ_INTO(dst, src, members...) \
	SKEP_READ_INTO(bpf_probe_read_kernel, bpf_probe_read_kernel, dst, src, members)
#define BPF_PROBE_READ_STR_INTO(dst, src, members...) \
	SKEP_READ_INTO(bpf_probe_read_kernel, bpf_probe_read_kernel_str, dst, src, members)

#define BPF_PROBE_READ_USER(src, members...) SKEP_READ(bpf_probe_read_user, src, members)
#define BPF_PROBE_READ_USER_INTO(dst, src, members...) \
	SKEP_READ_INTO(bpf_probe_read_user, bpf_probe_read_user, dst, src, members)
#define BPF_PROBE_READ_USER_STR_INTO(dst, src, members...) \
	SKEP_READ_INTO(bpf_probe_read_user, bpf_probe_read_user_str, dst, src, members)

#endif
