/* SPDX-License-Identifier: MIT */
/* skep run: what its files share. */
#ifndef SKEP_CLI_RUN_RUN_H
#define SKEP_CLI_RUN_RUN_H

#include <skep/object.h>

#include "cli/cli.h"

/* What the command line says about one file. */
struct run {
	struct option_args args;
	struct skep_spec *spec;
	struct skep_error err;
};

/* Reads what is to be run, once. */
int run_open(struct run *run, struct skep_error *err);

/* variables.c: an option_unknown_fn for options that are variables; @ctx is a struct run. */
int run_set_variable(void *ctx, const char *option, const char *value, struct skep_error *err);
int run_apply_settings(struct run *run, const struct option_list *settings, struct skep_error *err);
void run_print_variables(const struct skep_spec *spec);

/* attach.c: programs that were left out are named, each in a line, and the others go on. */
void run_report_left_out(const struct skep_object *object, bool at_attach);

/* False, with a message for each, if there are programs that nobody will attach, and no others. */
bool run_is_attached(const struct skep_object *object);

#endif
