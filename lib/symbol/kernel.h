/* SPDX-License-Identifier: MIT */
/*
 * The kernel's functions by address: /proc/kallsyms, read once and again when what is loaded has
 * changed.
 */
#ifndef SKEP_SYMBOL_KERNEL_H
#define SKEP_SYMBOL_KERNEL_H

#include <skep/error.h>

#include "symbol/names.h"

struct skep_kernel_names {
	struct skep_names names;
	uint64_t first, last;  /* functions of the kernel proper, which do not change */
	uint32_t modules;      /* a hash of which there are */
	int64_t read, checked; /* when, in nanoseconds; 0: never */
	int64_t patience;      /* until addresses without a name make it read again */
	int failed;	       /* why it could not be read */
};

/* From where @fd is, which stays the caller's. EPERM: the kernel hides its addresses. */
int skep_kernel_names_read(struct skep_kernel_names *kernel, int fd, struct skep_error *err);

/*
 * Makes sure that the names are there and fit for @n addresses: reads them for the first time, and
 * again after modules came or went, or when addresses outside of the kernel proper have no name, or
 * that of a program that may have gone. How often is limited, as it takes tens of milliseconds.
 */
int skep_kernel_names_refresh(struct skep_kernel_names *kernel, const uint64_t *addresses, size_t n,
			      struct skep_error *err);

/* Of the text of /proc/modules, which is written to: another one when what is loaded differs. */
uint32_t skep_kernel_names_hash_modules(char *text);

void skep_kernel_names_free(struct skep_kernel_names *kernel);

#endif
