/* SPDX-License-Identifier: MIT */
/*
 * Members of zip archives, such as the libraries in an Android package: where in the archive one
 * lies that is stored as it is, which is how they are mapped and run.
 */
#ifndef SKEP_USER_ZIP_H
#define SKEP_USER_ZIP_H

#include <stddef.h>
#include <stdint.h>
#include <skep/error.h>

/*
 * The member @name's bytes in the archive. ENOENT; ENOTSUP for a compressed or encrypted one and
 * for an archive of more than 4 GiB (zip64); EINVAL for what is damaged or no archive.
 */
int skep_zip_find(const uint8_t *data, size_t len, const char *path, const char *name,
		  size_t *offset, size_t *size, struct skep_error *err);

#endif
