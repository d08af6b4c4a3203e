/* SPDX-License-Identifier: MIT */
/* File systems of one type that are mounted in this mount namespace. */
#ifndef SKEP_KERNEL_MOUNTS_H
#define SKEP_KERNEL_MOUNTS_H

#include <stdbool.h>

struct skep_mount {
	const char *path;
	const char *options; /* of the file system: "rw,mode=700" */
};

/* Not 0 ends the walk, which returns it. */
typedef int (*skep_mount_fn)(const struct skep_mount *mount, void *ctx);

/* 0 after all, what @fn returned, or -errno (no /proc). */
int skep_mounts_each(const char *fs, skep_mount_fn fn, void *ctx);

/* True for a line of mountinfo that is of type @fs; @mount points into it, where it is unescaped.
 */
bool skep_mount_parse(char *line, const char *fs, struct skep_mount *mount);

#endif
