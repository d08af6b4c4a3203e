/* SPDX-License-Identifier: MIT */
/*
 * What a program's user may set: its global variables, under the names that the package gives
 * them, or their own. What is set on a command line comes before the package's value, and that
 * before what the object has.
 */
#ifndef SKEP_PACKAGE_OPTIONS_H
#define SKEP_PACKAGE_OPTIONS_H

#include <skep/spec.h>
#include <skep/text.h>

#include "package/package.h"

/* Sets the package's own values and defaults. Before anything else is set. */
int skep_package_set_values(const struct skep_package *package, struct skep_spec *spec,
			    struct skep_error *err);

/*
 * Sets what the option --@name says: the option's long name, the variable's, or for truth values
 * enable-NAME and disable-NAME; '-' and '_' are the same in it. @value is NULL if nothing follows.
 * Returns 2 if @value was used and 1 if not; -ENOENT: there is no such option, EINVAL, ERANGE.
 */
int skep_package_set_option(const struct skep_package *package, struct skep_spec *spec,
			    const char *name, const char *value, struct skep_error *err);

/* The long name of the option with this letter, or NULL. */
const char *skep_package_option_of_letter(const struct skep_package *package, char letter);

/*
 * The options as lines for a help, safe for a terminal. @is_taken says which letters and names mean
 * something else on the command line: they are written --set NAME=VALUE.
 */
void skep_package_write_options(const struct skep_package *package, const struct skep_spec *spec,
				bool (*is_taken)(const char *name, char letter),
				struct skep_text *out);

#endif
