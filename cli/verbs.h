/* SPDX-License-Identifier: MIT */
/*
 * `skep COMMAND VERB [OPTIONS]`: a command that is a table of verbs. A verb is a struct command
 * named by all its words ("gen btf min"), so that its help, its errors and its man page say what
 * is typed.
 *
 *	static const struct command *const verbs[] = { &verb_gen_vmlinux, &verb_gen_object, NULL };
 *	static int main_(int argc, char **argv) { return verbs_main(&command_gen, verbs, ...); }
 */
#ifndef SKEP_CLI_VERBS_H
#define SKEP_CLI_VERBS_H

#include "cli/options.h"

/*
 * Runs the verb that the arguments name (of several, the one of most words) with its last word as
 * argv[0], or prints the help of @group. Returns the exit code.
 */
int verbs_main(const struct command *group, const struct command *const *verbs, int argc,
	       char **argv);

#endif
