/* SPDX-License-Identifier: MIT */
/* Members of skep's structs for bpf(2), and where the running kernel's BTF has them. */
#ifndef SKEP_TESTS_KERNEL_UAPI_FIELDS_H
#define SKEP_TESTS_KERNEL_UAPI_FIELDS_H

#include "kernel/support.h"

/* Where a member of skep's struct lies, and its path in the kernel's struct or union. */
struct field {
	const char *path;
	size_t offset, size;
};

#define FIELD(type, member, path)                                         \
	{                                                                 \
		path, offsetof(type, member), sizeof(((type *)0)->member) \
	}

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* Returns how many of the fields this kernel has; all of those must be where skep has them. */
size_t compare_fields(const struct skep_btf *btf, uint32_t root, const struct field *list,
		      size_t n);

#endif
