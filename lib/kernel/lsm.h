/* SPDX-License-Identifier: MIT */
/* Which security modules the kernel asks. */
#ifndef SKEP_KERNEL_LSM_H
#define SKEP_KERNEL_LSM_H

#include <stdbool.h>
#include <skep/error.h>

/*
 * A kernel can have hooks for BPF and never call them: then programs are attached, and nothing
 * happens. ENOTSUP when the list of active modules says so; 0 also when it cannot be read.
 */
int skep_lsm_check(struct skep_error *err);

/* True when "bpf" is in a list such as "lockdown,capability,bpf\n". */
bool skep_lsm_lists_bpf(const char *list);

#endif
