/* SPDX-License-Identifier: MIT */
/*
 * Before 5.11 the memory of maps and programs counted against RLIMIT_MEMLOCK, and going over it
 * was EPERM. Later kernels account it to the memory cgroup. Which it is shows by trying: the limit
 * is raised for one more attempt, and put back if that did not help.
 */
#ifndef SKEP_KERNEL_MEMLOCK_H
#define SKEP_KERNEL_MEMLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>

/* Whether a map's refusal can be for want of memory: a devmap says EINVAL (dev_map_init_map). */
bool skep_memlock_may_be_short(int code, uint32_t map_type);

/* True when the limit was raised; the old one is in *old. */
bool skep_memlock_raise(struct rlimit *old);
void skep_memlock_restore(const struct rlimit *old);

#endif
