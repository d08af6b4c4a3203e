/* SPDX-License-Identifier: MIT */
/* What tests of probes and hooks share: one program of a fixture, and calls that it counts. */
#ifndef SKEP_TESTS_KERNEL_PROBE_SUPPORT_H
#define SKEP_TESTS_KERNEL_PROBE_SUPPORT_H

#include "kernel/fixture.h"

/* Loads one program of a fixture, which looks at this process only. */
struct skep_program *load_hook(const char *fixture, const char *program);

/* The same of the fixture link_probes. */
struct skep_program *load_probe(const char *program);

/* Calls vfs_read() in the kernel. */
void read_zero(int times);

/* Uses this thread's CPU time, which clocks count, for some milliseconds. */
void use_cpu(int ms);

/* Sleeps as often, each time long enough for the CPU to be given to others: most of the times. */
void give_way(int times);

/* Closing the link ends the counting: @act is not counted any more, in `hits` or in @counter. */
void close_and_expect_silence(struct skep_link *link, void (*act)(int times));
void close_and_expect_silence_of(struct skep_link *link, const char *counter,
				 void (*act)(int times));

/* Loads a hook, attaches it as its section says, and expects @label of its link. */
struct skep_link *attach_hook(const char *fixture, const char *program, const char *label);

/* The same; @act, called with 10, is counted at least @hits times, until the link is closed. */
void expect_firing(const char *fixture, const char *program, const char *label, uint64_t hits,
		   void (*act)(int times));

/* A hook of the fixture link_trace: opening files fails with @code until its link is closed. */
void expect_decision(const char *program, const char *label, int code);

#endif
