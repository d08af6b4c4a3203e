/* SPDX-License-Identifier: MIT */
/* skep run: what its files share. */
#ifndef SKEP_CLI_RUN_RUN_H
#define SKEP_CLI_RUN_RUN_H

#include <skep/object.h>

#include "cli/cli.h"
#include "package/attach.h"
#include "package/read.h"

/* How what is to be run is read. */
struct run_source {
	enum skep_package_form form;
	int64_t timeout_ns; /* of a URL; 0: the usual */
};

/* What the command line says about one program. */
struct run {
	const struct command *command;
	const char *own; /* names what is run in place of a word; NULL: a word does */
	struct option_args args;
	struct run_source source;
	struct skep_package package;
	struct skep_attach_plan *plan;
	struct skep_btf *btf;	/* in place of the kernel's; or NULL */
	struct skep_spec *spec; /* of its object for this machine; NULL: not read yet */
	struct skep_error err;
};

/*
 * The command, from its arguments to its exit code. @own: as in struct run, for an executable that
 * brings its package along.
 */
int run_main(const struct command *command, const char *own, int argc, char **argv);

/* read.c: a package by what names it: a path, "-", a URL. */
int run_read(struct skep_package *package, const char *ref, const struct run_source *source,
	     struct skep_error *err);

/* program.c: reads what is to be run, once. */
int run_open(struct run *run, struct skep_error *err);

/* An option_unknown_fn for options that are the program's; @ctx is a struct run. */
int run_set_variable(void *ctx, const char *option, const char *value, struct skep_error *err);
const char *run_option_of_letter(void *ctx, char letter);
int run_apply_settings(struct run *run, const struct option_list *settings, struct skep_error *err);

/* @is_taken: which names and letters are skep's own. */
void run_write_help(const struct run *run, bool (*is_taken)(const char *name, char letter),
		    struct skep_text *out);
int run_print_version(struct run *run);

/* stats.c: how often and how long each program ran, on stderr. */
void run_print_stats(const struct skep_object *object);

/* verbose.c: what is in the kernel, on stderr. */
void run_print_objects(const struct run *run, const struct skep_object *object);

/* missing.c: what the package needs and this kernel lacks, on stderr. */
void run_report_missing(const struct skep_package *package);

/* attach.c: programs that were left out are named, each in a line, and the others go on. */
void run_report_left_out(const struct skep_object *object, bool at_attach);

/* False, with a message for each, if there are programs that nobody will attach, and no others. */
bool run_is_attached(const struct skep_object *object, const struct skep_attach_plan *plan);

#endif
