/* SPDX-License-Identifier: MIT */
/* Which CPUs the machine may have, /sys/devices/system/cpu/possible. */
#ifndef SKEP_KERNEL_CPUS_H
#define SKEP_KERNEL_CPUS_H

#include <stdint.h>
#include <skep/error.h>

struct skep_cpus {
	uint32_t count; /* values in a per-CPU map's element */
	uint32_t ids;	/* highest CPU number + 1: entries of an array indexed by CPU */
};

/* Read once a process: which CPUs are possible is settled when the machine starts. */
int skep_cpus_possible(struct skep_cpus *cpus, struct skep_error *err);

/* The same from the file's text, "0-3,8-11\n". -EINVAL for anything else. */
int skep_cpus_parse(struct skep_cpus *cpus, const char *text);

#endif
