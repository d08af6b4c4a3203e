/* SPDX-License-Identifier: MIT */
/* An array (md, RAID 0) of two disks in memory. For machines of the tests' own only. */
#ifndef SKEP_TESTS_KERNEL_DISK_ARRAY_H
#define SKEP_TESTS_KERNEL_DISK_ARRAY_H

#include <stddef.h>

/* Makes /dev/NAME and opens it; -1 with what the kernel lacks. */
int disk_array_open(const char *name, char *why, size_t size);

/* Takes it apart. */
void disk_array_close(int fd);

#endif
