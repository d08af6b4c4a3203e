/* SPDX-License-Identifier: MIT */
/* File systems of one type that are mounted in this mount namespace. */
#ifndef SKEP_KERNEL_MOUNTS_H
#define SKEP_KERNEL_MOUNTS_H

/* Called with a mount point. Not 0 ends the walk, which returns it. */
typedef int (*skep_mount_fn)(const char *path, void *ctx);

/* 0 after all, what @fn returned, or -errno (no /proc). */
int skep_mounts_each(const char *fs, skep_mount_fn fn, void *ctx);

/* The mount point of a line of mountinfo if it is of type @fs, unescaped in place; or NULL. */
char *skep_mount_path(char *line, const char *fs);

#endif
