/* SPDX-License-Identifier: MIT */
#ifndef SKEP_PACKAGE_CLANG_H
#define SKEP_PACKAGE_CLANG_H

#include <stdbool.h>
#include <skep/error.h>
#include <skep/text.h>

/*
 * Runs clang for eBPF with @flags (NULL-terminated, the source among them) and the system's
 * headers, and appends what it writes to stdout to @out and its messages to @messages.
 *
 * Returns clang's exit code, or a negative errno: ENOENT when there is no clang.
 */
int skep_clang_run(const char *const *flags, struct skep_text *out, struct skep_text *messages,
		   struct skep_error *err);

struct skep_clang_opts {
	char *const *flags;   /* more for clang, NULL-terminated; or NULL */
	const char *depfile;  /* for make or ninja: the files that were included; or NULL */
	const char *produces; /* what the depfile says is made of them */
	const char *clang;    /* the compiler; NULL: skep_clang_name() */
	const char *machine;  /* as __TARGET_ARCH_ has it, "arm64"; NULL: this one */
	const char *types;    /* the folder of vmlinux.h; NULL: the running kernel's; "": none */
	/* No name of a folder of this machine: sources are called as seen from their own folder. */
	bool is_reproducible;
};

/*
 * Compiles a .bpf.c for the machine's byte order into @object with the headers of skep and,
 * where the kernel has BTF, its vmlinux.h. clang's own messages go to stderr unchanged. @opts may
 * be NULL.
 *
 * ENOENT: no clang (the hint says what to install), or no such source; EINVAL: clang refused it.
 */
int skep_clang_compile(const char *source, const char *object, const struct skep_clang_opts *opts,
		       struct skep_error *err);

/* This machine as __TARGET_ARCH_ has it: "x86". */
const char *skep_clang_machine(void);

/* Whether programs for a machine of that name have their most significant byte first. */
bool skep_clang_is_big_endian(const char *machine);

/* The compiler that is taken, a name or a path; NULL: none is installed. */
const char *skep_clang_name(void);

/* -ENOENT with what to do about it: @name was to be started; NULL: there is no name to try. */
int skep_clang_missing(const char *name, struct skep_error *err);

#endif
