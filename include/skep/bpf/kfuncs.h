/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/kfuncs.h - functions of the kernel and of its modules for BPF programs (kfuncs).
 *
 * They are declared as the newest kernel has them that skep is tested with, and weak: a program
 * that calls one is loaded on kernels that lack it if it asks before:
 *
 *	if (bpf_ksym_exists(bpf_task_from_pid))
 *		task = bpf_task_from_pid(pid);
 *
 * The structs of options that they take are there too, as struct bpf_ct_opts of connection
 *tracking. After vmlinux.h they are what that has; of modules it has none: declare your own, with a
 *name as struct bpf_ct_opts___mine, and cast.
 *
 * Parameters may change from kernel to kernel. A program that declares a function itself, in
 * another way, defines SKEP_NO_KFUNCS before it includes skep's headers. Where vmlinux.h was
 * included before and has the prototypes of its kernel, these are left out.
 */
#ifndef SKEP_BPF_KFUNCS_H
#define SKEP_BPF_KFUNCS_H

#include <skep/bpf/declare.h>
#include <skep/bpf/types.h>

#ifndef SKEP_VMLINUX_HAS_KFUNCS
#ifndef SKEP_NO_KFUNCS
#include <skep/bpf/kfuncs_gen.h>
#else
struct bpf_iter_num;
extern int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __ksym __weak;
extern int *bpf_iter_num_next(struct bpf_iter_num *it) __ksym __weak;
extern void bpf_iter_num_destroy(struct bpf_iter_num *it) __ksym __weak;
#endif
#endif

#endif
