/* SPDX-License-Identifier: MIT */
/* The functions of an image, by .symtab and .dynsym, with the versions of shared libraries. */
#ifndef SKEP_USER_SYMBOLS_H
#define SKEP_USER_SYMBOLS_H

#include <limits.h>

#include "user/image.h"

struct skep_symbol {
	const char *name; /* not ended: name_len bytes, without a version */
	size_t name_len;
	const char *version; /* "GLIBC_2.14", or NULL */
	bool is_default;     /* the version that name alone means; true without a version */
	uint64_t addr, size;
	uint8_t type, bind; /* STT_*, STB_* */
};

struct skep_symbols {
	const struct skep_image *image;
	struct skep_section table, strings, versions, definitions;
	size_t next, count;
	bool variables; /* settable: these instead of functions */
};

/* The table @type: SHT_SYMTAB or SHT_DYNSYM. False when the image has none. */
bool skep_symbols_open(struct skep_symbols *symbols, const struct skep_image *image, uint32_t type);

/* The next function that is defined here; what is damaged is passed over. */
bool skep_symbols_next(struct skep_symbols *symbols, struct skep_symbol *symbol);

/*
 * The address of the function @name, or @name@VERSION. ENOENT (the message has near names, or
 * says that the file is stripped), EEXIST when several have the name, ENOTSUP for one that cannot
 * be probed by name.
 */
int skep_image_function(const struct skep_image *image, const char *name, uint64_t *addr,
			struct skep_error *err);

/* The address of the only variable with this name; false when there is none, or are several. */
bool skep_image_variable(const struct skep_image *image, const char *name, size_t len,
			 uint64_t *addr);

#define SKEP_DEBUG_ROOT "/usr/lib/debug"

/* user/debug.c: where an image's symbols are kept, if so; false for one without a build id. */
bool skep_image_debug_path(const struct skep_image *image, const char *root, char out[PATH_MAX]);

/*
 * user/match.c: the offsets in the file of all functions whose names match @pattern (base/glob.h),
 * each once and in order, malloc'ed into *out. Returns their number; ENOENT for none, E2BIG.
 */
int64_t skep_image_match(const struct skep_image *image, const char *pattern, uint64_t **out,
			 struct skep_error *err);

#endif
