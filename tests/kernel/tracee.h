/* SPDX-License-Identifier: MIT */
/*
 * What is traced: this test's own executable, started as `EXE tracee MODE`. Each mode does a known
 * number of a call that no C library makes by itself: MARKER.
 */
#ifndef SKEP_TESTS_KERNEL_TRACEE_H
#define SKEP_TESTS_KERNEL_TRACEE_H

#include <stdbool.h>

/* getpgrp(2) is nobody's habit; where it is gone, getsid(2) is neither. */
#ifdef __x86_64__
#define MARKER "getpgrp"
#else
#define MARKER "getsid"
#endif

/*
 * Processes that "short_processes" starts. Each twentieth runs a program, of the others each third
 * has a child of its own.
 */
#define N_SHORT 2000

void call_marker(int times);

/* True when main's arguments say that this is a tracee; its exit code is in *code. */
bool is_tracee(int argc, char **argv, int *code);

#endif
