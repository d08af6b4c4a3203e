/* SPDX-License-Identifier: MIT */
/*
 * The parts of an ELF file that tell names: headers, symbols, their strings, notes. They are read
 * into memory that is as long as the file but takes only what was read, so that a file of
 * gigabytes costs little and one that is cut short meanwhile costs nobody a signal, as a mapping
 * of it would.
 */
#ifndef SKEP_SYMBOL_PARTS_H
#define SKEP_SYMBOL_PARTS_H

#include "user/image.h"

struct skep_parts {
	struct skep_image image;
	void *memory;
	size_t len;
};

/*
 * Reads them from @fd, which stays the caller's; @name is for messages and must live as long.
 * ENOEXEC no ELF file, EINVAL damaged, EFBIG more than 64 GiB, or more symbols than 1 GiB.
 */
int skep_parts_read(struct skep_parts *parts, int fd, const char *name, struct skep_error *err);

void skep_parts_free(struct skep_parts *parts);

#endif
