/* SPDX-License-Identifier: MIT */
/*
 * Objects that were compiled before. One is taken again as long as the source and all that it
 * included have the content that they had, and clang is the same file.
 */
#ifndef SKEP_PACKAGE_OBJECT_CACHE_H
#define SKEP_PACKAGE_OBJECT_CACHE_H

#include <skep/error.h>
#include <skep/text.h>

/* Errors as skep_clang_compile(); a cache that cannot be used is done without. */
int skep_object_cache_compile(const char *source, struct skep_text *object, struct skep_error *err);

#endif
