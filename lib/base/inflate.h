/* SPDX-License-Identifier: MIT */
/*
 * What gzip and zlib have packed (RFC 1951, RFC 1952): /proc/config.gz. Decision 3 says why it is
 * read here and not by zlib.
 */
#ifndef SKEP_BASE_INFLATE_H
#define SKEP_BASE_INFLATE_H

#include <skep/error.h>
#include <stddef.h>
#include <stdint.h>

/* Unpacked bytes, which grow up to a limit. */
struct skep_unpacked {
	uint8_t *data; /* malloc'ed */
	size_t len, cap, max;
	size_t start; /* what was there before this stream, which cannot be referred to */
};

/*
 * skep_inflate - unpacks one deflate stream that begins at @data and appends it to @out. Returns
 * how many bytes of @data it took, -EINVAL for damage, -E2BIG when it does not fit out->max, or
 * -ENOMEM.
 */
int64_t skep_inflate(const uint8_t *data, size_t len, struct skep_unpacked *out,
		     struct skep_error *err);

/*
 * skep_gunzip - unpacks a gzip file of one or more members, checks each one's sum and size, and
 * ends the bytes with a NUL that is not counted. Returns their number with *text malloc'ed, or
 * -EINVAL, -E2BIG over @max bytes, -ENOMEM.
 */
int64_t skep_gunzip(const void *data, size_t len, size_t max, char **text, struct skep_error *err);

/*
 * skep_zlib_unpack - unpacks a zlib stream (RFC 1950) that is @data and nothing else, and checks
 * its sum. Returns the number of bytes with *bytes malloc'ed, or -EINVAL, -E2BIG over @max bytes,
 * -ENOMEM.
 */
int64_t skep_zlib_unpack(const void *data, size_t len, size_t max, void **bytes,
			 struct skep_error *err);

#endif
