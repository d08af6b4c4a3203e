/* SPDX-License-Identifier: MIT */
/* A fixture in the kernel, to be looked at from outside. */
#ifndef SKEP_TESTS_KERNEL_SYSTEM_SUPPORT_H
#define SKEP_TESTS_KERNEL_SYSTEM_SUPPORT_H

#include "kernel/support.h"

struct loaded {
	struct skep_spec *spec;
	struct skep_object *object;
	int fd; /* of the first program */
};

struct loaded load_fixture(const char *fixture);
void unload_fixture(struct loaded *l);

#endif
