/* SPDX-License-Identifier: MIT */
/* Programs of the fixture link_net in the kernel. */
#ifndef SKEP_TESTS_KERNEL_NET_RIG_H
#define SKEP_TESTS_KERNEL_NET_RIG_H

#include "kernel/net_support.h"

/* Group setup: a network of its own. */
int net_setup(void **state);

/* Loads one program, and one more unless it is NULL; NULL when this kernel has no such type. */
const struct skep_program *net_load(const char *program, const char *other);

#endif
