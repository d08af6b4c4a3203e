/* SPDX-License-Identifier: MIT */
/* Constants by name: what constants.c prints, and constants_clang.c finds in headers. */
#ifndef SKEP_PACKAGE_CONSTANTS_SET_H
#define SKEP_PACKAGE_CONSTANTS_SET_H

#include "base/arena.h"
#include "base/hash.h"
#include "base/vec.h"
#include "package/constants.h"

enum skep_constant_kind {
	SKEP_CONSTANT_NONE, /* no integer */
	SKEP_CONSTANT_INT,
	SKEP_CONSTANT_UINT,
	SKEP_CONSTANT_LONG, /* 64 bits */
	SKEP_CONSTANT_ULONG,
};

struct skep_constant {
	const char *name;
	uint64_t value;
	enum skep_constant_kind kind;
	bool is_hex;	 /* written so by those who defined it */
	bool is_refused; /* it is no expression */
};

struct skep_constants {
	struct skep_vec(struct skep_constant) list;
	struct skep_hash by_name;
	struct skep_arena names;
	struct skep_vec(const char *) others; /* that were not asked for, for hints */
};

/* Adds a name once. 0 or -ENOMEM. */
int skep_constants_add(struct skep_constants *set, const char *name, size_t len, bool is_hex);
/* One that was not asked for. */
int skep_constants_add_other(struct skep_constants *set, const char *name);
bool skep_constants_match(const struct skep_constants_opts *opts, const char *name);
int skep_constants_print(struct skep_constants *set, const struct skep_constants_opts *opts,
			 const char *origin, struct skep_text *out, struct skep_error *err);
void skep_constants_free(struct skep_constants *set);

#endif
