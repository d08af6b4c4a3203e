/* SPDX-License-Identifier: MIT */
/* Objects for skep run, and what makes events for them. */
#ifndef SKEP_TESTS_CLI_RUN_OBJECTS_H
#define SKEP_TESTS_CLI_RUN_OBJECTS_H

#include "cli/run.h"

/* Paths, from run_setup() on. */
extern char events[4096], plain[4096], records[4096], emitter[4096];

/* Group setup. */
int run_setup(void **state);

#endif
