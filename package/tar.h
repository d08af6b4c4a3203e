/* SPDX-License-Identifier: MIT */
/*
 * The files of a tar that is in memory: POSIX (ustar, pax), GNU's and older ones. Nothing is
 * written anywhere. What could lead out of a folder, and all that is neither file nor folder, is
 * refused.
 */
#ifndef SKEP_PACKAGE_TAR_H
#define SKEP_PACKAGE_TAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <skep/error.h>

#define SKEP_TAR_ENTRIES 4096
#define SKEP_TAR_PATH	 255

struct skep_tar {
	const uint8_t *data;
	size_t len, at;
	unsigned int n_entries;
};

struct skep_tar_entry {
	char path[SKEP_TAR_PATH + 1]; /* "a/b", without "." and a slash at its ends */
	bool is_folder;
	const uint8_t *data; /* in the tar */
	size_t len;
};

/* Whether it begins as a tar does. */
bool skep_tar_is(const void *data, size_t len);

/*
 * The next file or folder. 1; 0: that was all; -EINVAL: it is damaged, or has what is refused; the
 * message names it. -E2BIG: too many.
 */
int skep_tar_next(struct skep_tar *tar, struct skep_tar_entry *entry, struct skep_error *err);

#endif
