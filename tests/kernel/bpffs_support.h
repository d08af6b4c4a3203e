/* SPDX-License-Identifier: MIT */
/* A BPF file system of the test's own, in a mount namespace that ends with the process. */
#ifndef SKEP_TESTS_KERNEL_BPFFS_SUPPORT_H
#define SKEP_TESTS_KERNEL_BPFFS_SUPPORT_H

#include "kernel/support.h"

/* Group setup and teardown: bpffs_folder() is where it is mounted, or NULL when it cannot be. */
int bpffs_setup(void **state);
int bpffs_teardown(void **state);
const char *bpffs_folder(void);

/* "FOLDER/name": static storage, one of four in turn. */
const char *bpffs_path(const char *name);

/* The number of pins in the folder, but for the kernel's own, which have a dot in their names. */
size_t bpffs_count(void);

#define NEED_BPFFS()                                                         \
	do {                                                                 \
		NEED_BPF();                                                  \
		if (!bpffs_folder())                                         \
			SKIP_TEST("no BPF file system can be mounted here"); \
	} while (0)

#endif
