/* SPDX-License-Identifier: MIT */
/*
 * Pins: names in a BPF file system that keep a program, map or link in the kernel without a
 * process. Every path is relative to the folder @dir, or to the current one with AT_FDCWD. The
 * messages name what is at fault: no BPF file system there, and the command that mounts one.
 */
#ifndef SKEP_KERNEL_BPFFS_H
#define SKEP_KERNEL_BPFFS_H

#include <stdbool.h>
#include <stdint.h>
#include <skep/error.h>

#define SKEP_BPFFS_ROOT "/sys/fs/bpf"

enum skep_pin_kind { SKEP_PIN_PROGRAM, SKEP_PIN_MAP, SKEP_PIN_LINK };

/*
 * EEXIST: something has this name; ENOENT: a folder of the path is missing; EINVAL: the folder is
 * in no BPF file system, or the name has a dot, which the kernel keeps for itself.
 */
int skep_bpffs_pin(int fd, int dir, const char *path, enum skep_stage stage,
		   struct skep_error *err);

/*
 * A new fd of what is pinned there, which must be of @kind (EINVAL). @flags: 0, BPF_F_RDONLY or
 * BPF_F_WRONLY.
 */
int skep_bpffs_open(enum skep_pin_kind kind, int dir, const char *path, uint32_t flags,
		    enum skep_stage stage, struct skep_error *err);

/* Whether @fd is of this kind, which its file's name tells. */
bool skep_bpffs_is_kind(enum skep_pin_kind kind, int fd);

/* Takes the name away if what is pinned there is @fd's object (ESTALE otherwise). */
int skep_bpffs_unpin(enum skep_pin_kind kind, int fd, int dir, const char *path,
		     enum skep_stage stage, struct skep_error *err);

/* Makes the folder and those above it that are missing, as far as they lie in a BPF file system. */
int skep_bpffs_make_folder(int dir, const char *path, enum skep_stage stage,
			   struct skep_error *err);

/* The path from the root folder, so that it holds after chdir(2); malloc'ed, NULL with errno. */
char *skep_bpffs_absolute(const char *path);

#endif
