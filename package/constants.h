/* SPDX-License-Identifier: MIT */
/*
 * Constants of C headers and of BTF for programs that have vmlinux.h, in which there are no macros.
 */
#ifndef SKEP_PACKAGE_CONSTANTS_H
#define SKEP_PACKAGE_CONSTANTS_H

#include <skep/btf.h>
#include <skep/error.h>
#include <skep/text.h>

struct skep_constants_opts {
	const char *const *headers; /* as in #include <...>, or paths */
	size_t n_headers;
	const char *const *names; /* patterns with * and ? */
	size_t n_names;
	const char *const *flags; /* more for clang: -I, -D; NULL-terminated, or NULL */
};

/*
 * Appends a header in which each integer constant that the headers define by these names, as a
 * macro or in an enum, is a macro; its value is what clang says. Macros that are no integer
 * constants are passed over.
 *
 * ENOENT: nothing has one of the names, or there is no clang; EINVAL: clang refuses the headers.
 */
int skep_constants_of_headers(const struct skep_constants_opts *opts, struct skep_text *out,
			      struct skep_error *err);

/* The same of the enums of a BTF. */
int skep_constants_of_btf(const struct skep_btf *btf, const struct skep_constants_opts *opts,
			  struct skep_text *out, struct skep_error *err);

#endif
