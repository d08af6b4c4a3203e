/* SPDX-License-Identifier: MIT */
/* What only /proc/self/fdinfo/FD has of a map or program. */
#ifndef SKEP_KERNEL_FDINFO_H
#define SKEP_KERNEL_FDINFO_H

#include <stdbool.h>
#include <stdint.h>

struct skep_fdinfo {
	uint64_t memlock; /* bytes of memory */
	bool frozen;
	uint32_t owner_prog_type; /* of a prog_array; 0: nothing uses it yet */
	bool owner_jited;
};

/* Lines that are not there leave 0, all of them when there is no such file (-errno). */
int skep_fdinfo_read(int fd, struct skep_fdinfo *out);
void skep_fdinfo_parse(struct skep_fdinfo *out, const char *text);

#endif
