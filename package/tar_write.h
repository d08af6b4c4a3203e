/* SPDX-License-Identifier: MIT */
/*
 * Writing tars (ustar) that are the same whoever makes them: mode 0644, owner and group 0 without
 * names, one time for all.
 */
#ifndef SKEP_PACKAGE_TAR_WRITE_H
#define SKEP_PACKAGE_TAR_WRITE_H

#include <skep/error.h>
#include <skep/text.h>

/*
 * Appends a file. @path has parts of at most 100 bytes and 255 in all, as the format has room for:
 * ENAMETOOLONG.
 */
int skep_tar_write(struct skep_text *tar, const char *path, const void *data, size_t len,
		   struct skep_error *err);

/* Ends the tar. */
void skep_tar_finish(struct skep_text *tar);

/* $SOURCE_DATE_EPOCH, or 0. */
uint64_t skep_source_date(void);

#endif
