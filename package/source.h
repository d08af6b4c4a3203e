/* SPDX-License-Identifier: MIT */
/* From what a user names on the command line to a spec. */
#ifndef SKEP_PACKAGE_SOURCE_H
#define SKEP_PACKAGE_SOURCE_H

#include <skep/spec.h>

/* Opens an object file, or compiles a C source (a name that ends in ".c") first. */
struct skep_spec *skep_source_open(const char *path, struct skep_error *err);

#endif
