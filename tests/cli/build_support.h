/* SPDX-License-Identifier: MIT */
/* A folder with a source, thing.bpf.c, that says all that comments can, and its header. */
#ifndef SKEP_TESTS_CLI_BUILD_SUPPORT_H
#define SKEP_TESTS_CLI_BUILD_SUPPORT_H

#include "cli/run.h"

extern char folder[];

/* A path in it; the last eight are kept. */
const char *in_folder(const char *name);
void write_text(const char *name, const char *text);

/* Builds thing.bpf.c, which says nothing. */
void build_ok(const char *format, const char *out);

/* A group's setup and teardown. */
int make_folder(void **state);
int remove_folder(void **state);

#endif
