/* SPDX-License-Identifier: MIT */
/*
 * The functions that ftrace can stop at, which is where fprobes and trampolines go: some fifty
 * thousand, from tracefs's available_filter_functions, with addresses since 6.5.
 */
#ifndef SKEP_KERNEL_AVAILABLE_FUNCTIONS_H
#define SKEP_KERNEL_AVAILABLE_FUNCTIONS_H

#include <stddef.h>
#include <stdint.h>
#include <skep/error.h>

#include "base/arena.h"
#include "base/vec.h"

struct skep_available_function {
	const char *name;
	const char *module; /* NULL for the kernel proper */
	uint64_t address;   /* 0 when the kernel does not tell */
};

/* Called for each, whose strings live that long. Not 0: the walk ends and returns it. */
typedef int (*skep_available_fn)(const struct skep_available_function *function, void *context);

/* @tracefs is its root (skep_tracefs_open). ENOENT: this kernel was built without ftrace. */
int skep_available_walk(int tracefs, skep_available_fn fn, void *context, struct skep_error *err);

/*
 * Functions by a pattern: their addresses where the kernel tells them, otherwise their names, each
 * once. A zeroed one is empty and valid.
 */
struct skep_available_match {
	struct skep_vec(uint64_t) addresses;
	struct skep_vec(const char *) names;
	struct skep_arena strings;
};

/* Neither addresses nor names is no failure. */
int skep_available_match(struct skep_available_match *match, int tracefs, const char *pattern,
			 struct skep_error *err);
void skep_available_match_free(struct skep_available_match *match);

/* The first of @names that is not there, as an index; @n when all are; or -errno. */
int64_t skep_available_missing(int tracefs, const char *const *names, size_t n,
			       struct skep_error *err);

#endif
