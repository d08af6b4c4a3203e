/* SPDX-License-Identifier: MIT */
/* What tests of probes and hooks share: one program of a fixture, and calls that it counts. */
#ifndef SKEP_TESTS_KERNEL_PROBE_SUPPORT_H
#define SKEP_TESTS_KERNEL_PROBE_SUPPORT_H

#include "kernel/support.h"

/* For a program that calls what not every kernel has. */
#define NEED_PROBE(program) NEED_TO_LOAD("link_probes", program)

/* Loads one program of a fixture, which looks at this process only; one at a time. */
struct skep_program *load_hook(const char *fixture, const char *program);
void unload_probe(void);

/* The same of the fixture link_probes. */
struct skep_program *load_probe(const char *program);

/* The value of one of its globals. */
uint64_t probe_value(const char *name);

/* Calls vfs_read() in the kernel. */
void read_zero(int times);

/* Uses this thread's CPU time, which clocks count, for some milliseconds. */
void use_cpu(int ms);

/* Closing the link ends the counting: @act is not counted any more. */
void close_and_expect_silence(struct skep_link *link, void (*act)(int times));

#endif
