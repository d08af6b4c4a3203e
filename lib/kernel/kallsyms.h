/* SPDX-License-Identifier: MIT */
/*
 * The kernel's symbols, /proc/kallsyms: read in a stream, as they are ten megabytes. A walk costs
 * tens of milliseconds, so whoever needs several names asks for all of them in one.
 */
#ifndef SKEP_KERNEL_KALLSYMS_H
#define SKEP_KERNEL_KALLSYMS_H

#include <stddef.h>
#include <stdint.h>
#include <skep/error.h>

struct skep_kallsym {
	uint64_t address; /* 0 where the kernel hides addresses */
	char type;	  /* as nm(1) has it: 't' and 'T' are functions */
	const char *name;
	const char *module; /* NULL for the kernel proper; "bpf" for programs */
};

/* Called for each symbol, whose strings live that long. Not 0: the walk ends and returns it. */
typedef int (*skep_kallsym_fn)(const struct skep_kallsym *symbol, void *context);

/* The file, or -errno. */
int skep_kallsyms_open(struct skep_error *err);

/* Reads @fd from where it is to its end; it stays the caller's. EINVAL: this is no kallsyms. */
int skep_kallsyms_walk(int fd, skep_kallsym_fn fn, void *context, struct skep_error *err);

/* -EPERM, and which setting hides the addresses from this process: all that were read are 0. */
int skep_kallsyms_hidden(struct skep_error *err);

/* A name to look for, and what was found. */
struct skep_kallsyms_query {
	const char *name;
	uint64_t address; /* the first; 0 while count is 0 */
	size_t count;	  /* symbols of this name, those at the first's address counted once */
};

/*
 * Answers all queries in one walk. Symbols that are not there are no failure. EPERM: the kernel
 * hides its addresses from this process (the message says by which setting).
 */
int skep_kallsyms_look_up(int fd, struct skep_kallsyms_query *queries, size_t n,
			  struct skep_error *err);

/*
 * The address of the only symbol with this name. ENOENT; ENOTUNIQ: several symbols share the name
 * at different addresses, which static functions may; EPERM as above.
 */
int skep_kallsyms_find(const char *name, uint64_t *address, struct skep_error *err);

#endif
