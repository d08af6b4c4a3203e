/* SPDX-License-Identifier: MIT */
#ifndef SKEP_PACKAGE_DEFLATE_H
#define SKEP_PACKAGE_DEFLATE_H

#include <skep/error.h>
#include <skep/text.h>

/* A zlib stream (RFC 1950), packed as tightly as zlib can. ENOTSUP: built without zlib. */
int skep_deflate(const void *data, size_t len, struct skep_text *out, struct skep_error *err);

#endif
