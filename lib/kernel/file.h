/* SPDX-License-Identifier: MIT */
/* Small files of /proc and /sys. */
#ifndef SKEP_KERNEL_FILE_H
#define SKEP_KERNEL_FILE_H

#include <stddef.h>

/*
 * Reads at most @size - 1 bytes and ends them with a NUL. Returns their number or -errno. The
 * path may be relative to a directory's fd.
 */
int skep_file_read(const char *path, char *buf, size_t size);
int skep_file_read_at(int dir, const char *path, char *buf, size_t size);

/* The same with one read, which is all of what the kernel writes in one piece, as fdinfo. */
int skep_file_read_once_at(int dir, const char *path, char *buf, size_t size);

/*
 * What an fd of this process is, as /proc tells: a path, or "anon_inode:bpf-map". Returns 0,
 * -ENAMETOOLONG, or -errno (where /proc is not mounted, -ENOENT).
 */
int skep_file_of_fd(int fd, char *buf, size_t size);

#endif
