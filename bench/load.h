/* SPDX-License-Identifier: MIT */
/* What the loaders that are compared share. */
#ifndef SKEP_BENCH_LOAD_H
#define SKEP_BENCH_LOAD_H

#include <stdbool.h>

/* Opens the object at @path and loads all of it into the kernel; false when it cannot. */
typedef bool load_fn(const char *path);

/*
 * Loads the object that the command line names, and a second time with the first still there.
 * Prints nanoseconds: of the first load, of its part outside bpf(2), of the second load; and the
 * peak memory in KiB after the first.
 */
int load_and_report(int argc, char **argv, load_fn *load);

#endif
