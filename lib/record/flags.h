/* SPDX-License-Identifier: MIT */
/* Bits by their names: "O_WRONLY|O_CREAT|0x10000000", and modes of files: "-rw-r--r--". */
#ifndef SKEP_RECORD_FLAGS_H
#define SKEP_RECORD_FLAGS_H

#include "record/plan.h"

/* Flags of open(2), those that only the kernel sets included. */
void skep_write_open_flags(uint64_t flags, struct skep_text *out);
bool skep_read_open_flags(const char *text, uint64_t *flags);

/*
 * An enum's value: by its one name, or by those of single bits, from the lowest; what is left over
 * is a number. @mask: the bits that the type has. False: there is no name in it.
 */
bool skep_write_enum_flags(const struct skep_enum *names, uint64_t flags, uint64_t mask,
			   struct skep_text *out);
bool skep_read_enum_flags(const struct skep_enum *names, const char *text, uint64_t *flags);

/*
 * As ls shows a file's mode; permissions alone, "rw-r--r--", have no letter of a type in front.
 * False: it is none.
 */
bool skep_write_mode(uint64_t mode, struct skep_text *out);
bool skep_read_mode(const char *text, uint64_t *mode);

#endif
