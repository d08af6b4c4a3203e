/* SPDX-License-Identifier: MIT */
#ifndef SKEP_PACKAGE_ATTACH_PERF_H
#define SKEP_PACKAGE_ATTACH_PERF_H

#include "package/attach_kinds.h"

/*
 * "cpu-clock@99", "cycles@1000", "r1a8": an event and how often a second. Without a value it is
 * cpu-clock@99 of every process.
 */
struct skep_link *skep_attach_perf(const struct skep_program *program,
				   const struct skep_placement *place, struct skep_object *object,
				   struct skep_error *err);

#endif
