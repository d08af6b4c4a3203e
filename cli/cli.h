/* SPDX-License-Identifier: MIT */
/* What commands share: exit codes and the way in which they end with an error. */
#ifndef SKEP_CLI_CLI_H
#define SKEP_CLI_CLI_H

#include <skep/error.h>
#include <skep/text.h>

#include "cli/options.h"

/* Documented in README.md; scripts rely on them. */
enum exit_code {
	EXIT_OK = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_IMPOSSIBLE = 3, /* not possible on this kernel, or without rights */
};

/* Prints the error and returns the exit code that belongs to it. */
int cli_fail(const struct skep_error *err);

/* The exit code that belongs to an error. */
int cli_exit_code(const struct skep_error *err);

/* Writes text to stdout. The exit code; what cannot be written is a failure that is told. */
int cli_print(const struct skep_text *text);

extern const struct command command_build;
extern const struct command command_check;
extern const struct command command_doctor;
extern const struct command command_explain;
extern const struct command command_gen;
extern const struct command command_inspect;
extern const struct command command_log;
extern const struct command command_new;
extern const struct command command_replay;
extern const struct command command_run;
extern const struct command command_test;
extern const struct command command_top;
extern const struct command command_trace;

#endif
