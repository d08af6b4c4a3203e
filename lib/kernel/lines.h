/* SPDX-License-Identifier: MIT */
/*
 * Text of the kernel that is too long to be read as a whole, one line after the other: megabytes of
 * /proc/kallsyms pass through one buffer.
 *
 *	SKEP_SCOPED(skep_scoped_free) struct skep_lines *lines = skep_lines_new(fd);
 *	while ((ret = skep_lines_next(lines, &line)) > 0)
 */
#ifndef SKEP_KERNEL_LINES_H
#define SKEP_KERNEL_LINES_H

#include <stdbool.h>
#include <stddef.h>

struct skep_lines {
	int fd;
	bool ended;
	size_t start, end; /* what was read and not yet given out */
	char buf[1 << 16];
};

/* Reads on from where @fd is, which stays the caller's. Freed with free(); NULL: no memory. */
struct skep_lines *skep_lines_new(int fd);

/*
 * The next line without its end, as a string that may be written to and lives until the next call.
 * 1, 0 at the end, or -errno: of read(2), E2BIG for a line that does not fit into the buffer.
 */
int skep_lines_next(struct skep_lines *lines, char **line);

#endif
