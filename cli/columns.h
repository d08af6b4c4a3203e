/* SPDX-License-Identifier: MIT */
/* What --columns says: which values of a list are shown, and in which order. */
#ifndef SKEP_CLI_COLUMNS_H
#define SKEP_CLI_COLUMNS_H

#include <skep/error.h>

#include "cli/table.h"

/*
 * Fills @chosen, which is ended by one without a name, with those of @all that @names, parted by
 * commas, names; NULL: with all that are not extra. EINVAL names the one that there is not.
 */
int columns_choose(const struct table_column *all, const char *names,
		   struct table_column chosen[TABLE_MAX_COLUMNS + 1], struct skep_error *err);

#endif
