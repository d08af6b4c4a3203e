/* SPDX-License-Identifier: MIT */
/* The bytes of an object file. */
#ifndef SKEP_SPEC_FILE_H
#define SKEP_SPEC_FILE_H

#include <stddef.h>
#include <skep/error.h>

/* All of a file, malloc'ed into *data: the caller frees it. */
int skep_spec_read_file(const char *path, void **data, size_t *len, struct skep_error *err);

#endif
