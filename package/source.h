/* SPDX-License-Identifier: MIT */
/* From what a user names on the command line to a spec. */
#ifndef SKEP_PACKAGE_SOURCE_H
#define SKEP_PACKAGE_SOURCE_H

#include <skep/spec.h>
#include <skep/text.h>

#include "package/clang.h"

/* Opens an object file, or compiles a C source (a name that ends in ".c") first. */
struct skep_spec *skep_source_open(const char *path, struct skep_error *err);

/*
 * The bytes of an object file, or of what a C source is compiled to: @opts are for the latter, and
 * may be NULL. EFBIG: over 256 MiB.
 */
int skep_source_read(const char *path, const struct skep_clang_opts *opts, struct skep_text *object,
		     struct skep_error *err);

/* The bytes that a source is compiled to, whatever its name ends in. */
int skep_source_compile(const char *source, const struct skep_clang_opts *opts,
			struct skep_text *object, struct skep_error *err);

/* The bytes of any file of at most 256 MiB. */
int skep_source_read_file(const char *path, struct skep_text *object, struct skep_error *err);

/* What a source or object is called: "exec" of "path/exec.bpf.c" and of "path/exec.bpf.o". */
void skep_source_name(const char *path, char *name, size_t size);

#endif
