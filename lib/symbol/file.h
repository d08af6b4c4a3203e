/* SPDX-License-Identifier: MIT */
/*
 * The functions of one executable or library, with those that its separate debug file tells. What
 * is kept are its names; the file itself is closed.
 */
#ifndef SKEP_SYMBOL_FILE_H
#define SKEP_SYMBOL_FILE_H

#include <sys/stat.h>
#include <skep/error.h>

#include "symbol/names.h"
#include "user/image.h"

#define SKEP_BUILD_ID_MAX 64

struct skep_build_id {
	uint8_t bytes[SKEP_BUILD_ID_MAX];
	size_t len; /* 0: it has none */
};

/* What is run of it: bytes of the file and the addresses that symbols mean. */
struct skep_run {
	uint64_t offset, address, size;
};

struct skep_symbol_file {
	struct skep_build_id id;
	dev_t dev;
	ino_t ino;
	off_t size;
	struct timespec changed;
	struct skep_vec(struct skep_run) runs;
	struct skep_names names;
	char *path;	  /* as the process that had it mapped sees it */
	uint64_t used;	  /* when it was needed last, in calls */
	bool is_unusable; /* no ELF file: kept so that it is not looked at again */
};

/* Where debug files are looked for. */
struct skep_debug_place {
	const char *root;   /* SKEP_DEBUG_ROOT; "" for nowhere */
	const char *prefix; /* "/proc/PID/root" of a process in a container; "" */
};

/*
 * Reads the names of an open file, seen as @path. A new file, or NULL: no memory. Of what is no
 * ELF file, one without names.
 */
struct skep_symbol_file *skep_symbol_file_read(int fd, const char *path,
					       const struct skep_debug_place *debug);

/* The same of bytes in memory, as the vDSO's. */
struct skep_symbol_file *skep_symbol_file_of_bytes(const void *data, size_t len, const char *path);

/*
 * The file that has this build id, where a distribution keeps files by their ids (Fedora's links
 * below /usr/lib/.build-id), else its debug file; NULL when there is none.
 */
struct skep_symbol_file *skep_symbol_file_of_id(const struct skep_build_id *id,
						const struct skep_debug_place *debug);

/* Adds an image's functions of all tables. -ENOMEM, -E2BIG. */
int skep_symbol_file_add(struct skep_names *names, const struct skep_image *image);

/* The address that symbols mean by a byte of the file; false when it is not run. */
bool skep_symbol_file_address(const struct skep_symbol_file *file, uint64_t offset,
			      uint64_t *address);

bool skep_build_id_equal(const struct skep_build_id *a, const struct skep_build_id *b);

size_t skep_symbol_file_bytes(const struct skep_symbol_file *file);
void skep_symbol_file_free(struct skep_symbol_file *file);

/* symbol/debug_file.c: adds the functions of the debug file that belongs to an image, if any. */
void skep_symbol_file_add_debug(struct skep_symbol_file *file, const struct skep_image *image,
				const struct skep_debug_place *debug);

/* The open file of a build id below @prefix and @root, or -1. */
int skep_file_of_id(const struct skep_build_id *id, const char *prefix, const char *root,
		    const char *suffix);

#endif
