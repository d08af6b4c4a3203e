/* SPDX-License-Identifier: MIT */
/*
 * One executable that runs alone: a copy of skep's runner, the package, its length as 64 bits with
 * the low byte first, and 16 bytes that say so.
 */
#ifndef SKEP_PACKAGE_STANDALONE_H
#define SKEP_PACKAGE_STANDALONE_H

#include "package/package.h"

#define SKEP_STANDALONE_MARK "skep standalone\n"

/* Where the package lies in the bytes of an executable. False: there is none. */
bool skep_standalone_find(const void *data, size_t len, size_t *at, size_t *package_len);

/* Appends the whole executable to @out. ENOENT: there is no runner (the hint says where). */
int skep_package_write_standalone(const struct skep_package *package, struct skep_text *out,
				  struct skep_error *err);

/* Makes an executable file of them, beside its place and renamed into it. */
int skep_standalone_save(const char *path, const struct skep_text *bytes, struct skep_error *err);

#endif
