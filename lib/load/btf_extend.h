/* SPDX-License-Identifier: MIT */
/* An object's BTF, changed in memory on its way into the kernel. */
#ifndef SKEP_LOAD_BTF_EXTEND_H
#define SKEP_LOAD_BTF_EXTEND_H

#include <linux/btf.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * A copy of @data, *len bytes, with types after the last and strings after the last; other parts
 * are left out. It is malloc'ed, *len its length. NULL: no memory, or more than 4 GiB.
 */
void *skep_btf_extend(const void *data, size_t *len, const void *types, size_t types_len,
		      const void *strings, size_t strings_len);

/*
 * Each type of @data in turn: *at is 0 at first; NULL after the last, and when what is left is
 * none.
 */
struct btf_type *skep_btf_next_type(void *data, size_t len, size_t *at);

/*
 * load/btf_older.c: replaces kinds of types that kernels before some release do not know by older
 * kinds of the same length. The later the @step, the older the kernel; false when the step changed
 * nothing.
 */
#define SKEP_BTF_STEPS 4
bool skep_btf_make_older(void *data, size_t len, int step);

#endif
