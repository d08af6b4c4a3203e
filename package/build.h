/* SPDX-License-Identifier: MIT */
/*
 * From a source to a package: clang compiles it for each machine, and what the package says of
 * itself is read from the object's types and the source's comments.
 */
#ifndef SKEP_PACKAGE_BUILD_H
#define SKEP_PACKAGE_BUILD_H

#include "package/package.h"

struct skep_build_opts {
	const char *source;    /* *.bpf.c, or with is_types a header */
	const char *header;    /* whose structs are exported; or NULL */
	bool is_types;	       /* the types of a header, and no program */
	const char *clang;     /* NULL: skep_clang_name() */
	char *const *flags;    /* more for clang, NULL-terminated; or NULL */
	const char *workspace; /* a folder with include/ and include/vmlinux/MACHINE/; or NULL */
	const char *depfile;   /* for make or ninja: what the source includes; or NULL */
	const char *produces;  /* what the depfile says is made of it */
	const char *const *machines; /* "x86", "arm64" */
	size_t n_machines;	     /* 0: this machine */
	const char *const *btfs;     /* kernels' BTF, files and folders of them */
	size_t n_btfs;

	/* What is wrong with a comment, and no reason to build nothing; source says where. */
	void (*warn)(void *ctx, const struct skep_error *warning);
	/* Of long work: @done of @total are, and what is next. */
	void (*progress)(void *ctx, size_t done, size_t total, const char *what);
	void *ctx;
};

/*
 * Builds into @package, which is zeroed; clear it also after an error. clang's messages go to
 * stderr unchanged. EINVAL: clang refused it, or what it is asked for does not fit together;
 * ENOENT, as the message says.
 */
int skep_build(const struct skep_build_opts *opts, struct skep_package *package,
	       struct skep_error *err);

/*
 * What the object of @package and the comments of its @source say, into the package: for a source
 * that is run at once. Wrong comments are passed over. An object without types says nothing.
 */
int skep_build_describe(struct skep_package *package, const char *source, struct skep_error *err);

/* The machines that clang has names and this has byte orders for; ends with NULL. */
extern const char *const skep_build_machines[];

#endif
