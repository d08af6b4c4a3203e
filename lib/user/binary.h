/* SPDX-License-Identifier: MIT */
/*
 * The file that a user names as "libc.so.6", "/usr/bin/ls" or "app.apk!/lib/x86_64/libx.so", as
 * this process or another one sees it: found, mapped and read.
 */
#ifndef SKEP_USER_BINARY_H
#define SKEP_USER_BINARY_H

#include <limits.h>

#include "user/image.h"

struct skep_binary {
	char path[PATH_MAX];  /* for the kernel: of the archive, or below /proc/PID */
	char label[PATH_MAX]; /* as the user named it */
	uint64_t member;      /* where the ELF file begins, in an archive; else 0 */
	struct skep_image image;
	void *map;
	size_t map_len;
};

/*
 * Opens @name. One without a slash is searched: in LD_LIBRARY_PATH and the folders of the dynamic
 * linker if it looks like a shared library, else in PATH. With a @pid, what that process has
 * mapped under this name or sees at this path comes before what the caller sees.
 */
int skep_binary_open(struct skep_binary *binary, const char *name, int pid, struct skep_error *err);

/* Lets go of the file; what is known by name stays. */
void skep_binary_close(struct skep_binary *binary);

/*
 * user/debug.c: skep_image_function(), also in the file below @root (SKEP_DEBUG_ROOT) that keeps
 * the symbols of a stripped one.
 */
int skep_binary_function(const struct skep_binary *binary, const char *root, const char *name,
			 uint64_t *addr, struct skep_error *err);

/* user/find.c: only the path. @out has PATH_MAX bytes. */
int skep_binary_find(const char *name, int pid, char *out, struct skep_error *err);

#endif
