/* SPDX-License-Identifier: MIT */
/*
 * Scope cleanup: a variable declared with SKEP_SCOPED(fn) is passed, by address, to fn when it
 * goes out of scope, so that functions can return early. SKEP_TAKE hands the value out and leaves
 * NULL (or -1 by SKEP_TAKE_FD) behind.
 */
#ifndef SKEP_BASE_CLEANUP_H
#define SKEP_BASE_CLEANUP_H

#include <stdlib.h>
#include <unistd.h>

#define SKEP_SCOPED(fn) __attribute__((cleanup(fn)))

#define SKEP_TAKE(p)                        \
	({                                  \
		__typeof__(p) taken_ = (p); \
		(p) = NULL;                 \
		taken_;                     \
	})

#define SKEP_TAKE_FD(fd)           \
	({                         \
		int taken_ = (fd); \
		(fd) = -1;         \
		taken_;            \
	})

/* Defines skep_scoped_<name>() that calls @destroy on a non-NULL pointer variable. */
#define SKEP_DEFINE_SCOPED(name, type, destroy)         \
	static inline void skep_scoped_##name(type **p) \
	{                                               \
		if (*p)                                 \
			destroy(*p);                    \
	}

static inline void skep_scoped_free(void *p)
{
	free(*(void **)p);
}

static inline void skep_scoped_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

#endif
