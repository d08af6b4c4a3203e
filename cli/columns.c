// SPDX-License-Identifier: MIT
#include "cli/columns.h"

#include <errno.h>
#include <string.h>

#include "base/error.h"

static const struct table_column *find(const struct table_column *all, const char *name, size_t len)
{
	for (; all->name; all++)
		if (strlen(all->name) == len && !memcmp(all->name, name, len))
			return all;
	return NULL;
}

static int unknown(const struct table_column *all, const char *name, size_t len,
		   struct skep_error *err)
{
	char known[512] = "there are ";

	for (; all->name; all++) {
		strncat(known, all->name, sizeof(known) - strlen(known) - 1);
		strncat(known, all[1].name ? ", " : "", sizeof(known) - strlen(known) - 1);
	}
	skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "there is no column '%.*s'", (int)len, name);
	skep_error_add_hint(err, "%s", known);
	return -EINVAL;
}

int columns_choose(const struct table_column *all, const char *names,
		   struct table_column chosen[TABLE_MAX_COLUMNS + 1], struct skep_error *err)
{
	size_t n = 0;

	for (const struct table_column *c = all; !names && c->name; c++)
		if (!c->is_extra && n < TABLE_MAX_COLUMNS)
			chosen[n++] = *c;
	while (names) {
		size_t len = strcspn(names, ",");
		const struct table_column *column = find(all, names, len);

		chosen[n] = (struct table_column){ NULL };
		if (!column)
			return unknown(all, names, len, err);
		if (find(chosen, names, len))
			return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
					      "the column '%s' is named twice", column->name);
		if (n == TABLE_MAX_COLUMNS)
			return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
					      "there is room for %d columns", TABLE_MAX_COLUMNS);
		chosen[n++] = *column;
		names = names[len] ? names + len + 1 : NULL;
	}
	chosen[n] = (struct table_column){ NULL };
	return 0;
}
