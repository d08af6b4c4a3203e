/* SPDX-License-Identifier: MIT */
/* What the examples' user sides share: how they end. */
#ifndef SKEP_EXAMPLES_EXAMPLE_H
#define SKEP_EXAMPLES_EXAMPLE_H

#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <skep/skep.h>

/* Says what went wrong: 3 if the kernel or the rights do not allow it, otherwise 1. */
static inline int example_fail(const struct skep_error *err)
{
	skep_error_print(err, stderr);
	return err->code == EOPNOTSUPP || err->code == EPERM ? 3 : 1;
}

/* Calls that the examples' programs wait for. */
static inline void example_getppid(int times)
{
	while (times-- > 0)
		syscall(SYS_getppid);
}

#endif
