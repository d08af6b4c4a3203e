/* SPDX-License-Identifier: MIT */
/* skep gen: files made from types and objects. */
#ifndef SKEP_CLI_GEN_GEN_H
#define SKEP_CLI_GEN_GEN_H

#include <skep/text.h>

#include "cli/cli.h"

extern const struct command verb_gen_btf_min;
extern const struct command verb_gen_constants;
extern const struct command verb_gen_object;
extern const struct command verb_gen_skeleton;
extern const struct command verb_gen_vmlinux;

/*
 * Writes all of @text into the file, which appears whole or not at all, or to stdout if @path is
 * NULL or "-". Returns the exit code, the error printed.
 */
int gen_write(const char *path, const struct skep_text *text);

/* Options, help, and @make: the main function of every verb. Returns the exit code. */
int gen_main(const struct command *verb, const struct option *options, int argc, char **argv,
	     int (*make)(const struct option_args *args));

#endif
