/* SPDX-License-Identifier: MIT */
/* What the modes of a tracee share. */
#ifndef SKEP_TESTS_KERNEL_TRACEE_MODES_H
#define SKEP_TESTS_KERNEL_TRACEE_MODES_H

#include "kernel/tracee.h"

#define SELF "/proc/self/exe"

/* What executes this program again, as the tracee "marker". */
extern char *const tracee_again[];

/* Up to 100 processes at once, N_SHORT in all, or until stdin ends. */
int short_processes(void);
int endless_short_processes(void);

#endif
