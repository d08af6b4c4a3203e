/* SPDX-License-Identifier: MIT */
#ifndef SKEP_PACKAGE_CLANG_H
#define SKEP_PACKAGE_CLANG_H

#include <skep/error.h>
#include <skep/text.h>

/*
 * Compiles a .bpf.c for this machine's byte order into @object with the headers of skep and,
 * where the kernel has BTF, its vmlinux.h. clang's own messages go to stderr unchanged.
 *
 * ENOENT: no clang (the hint says what to install), or no such source; EINVAL: clang refused it.
 */
int skep_clang_compile(const char *source, const char *object, struct skep_error *err);

#endif
