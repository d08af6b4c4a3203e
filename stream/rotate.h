/* SPDX-License-Identifier: MIT */
/*
 * Files that were closed: FILE.20261121T173045.123456Z, the time in UTC at which it was, so that
 * names sort by time.
 */
#ifndef SKEP_STREAM_ROTATE_H
#define SKEP_STREAM_ROTATE_H

#include <stdint.h>
#include <skep/error.h>

/* The next full period after @now, both in ns since 1970: at 1h the next full hour of UTC. */
int64_t skep_rotation_next(int64_t now, int64_t every);

/*
 * Gives the file its name of @now, or of the next microsecond that is free and later than @last,
 * which is set to it. No file is overwritten.
 */
int skep_rotation_rename(const char *path, int64_t now, int64_t *last, struct skep_error *err);

/* Removes the oldest until @keep are left. Other files of the folder are left alone. */
void skep_rotation_keep(const char *path, uint64_t keep);

#endif
