/* SPDX-License-Identifier: MIT */
/* The columns of a table, as the records of a source ask for them. */
#ifndef SKEP_STREAM_SQLITE_SHAPE_H
#define SKEP_STREAM_SQLITE_SHAPE_H

#include "stream/sqlite.h"

struct skep_sqlite_column {
	char *name; /* SQLite compares names without case: made unique so */
	const char *type;
	bool is_time, is_found;
};

struct skep_sqlite_shape {
	struct skep_vec(struct skep_sqlite_column) columns;
};

/* The shape of the source's records, or of the columns chosen from them; sets the table's
 * `columns`. E2BIG: more than SQLite takes. */
int skep_sqlite_shape(struct skep_sqlite_table *table, const struct skep_view *view,
		      struct skep_sqlite_shape *shape, struct skep_error *err);
void skep_sqlite_shape_free(struct skep_sqlite_shape *shape);

struct skep_sqlite_column *skep_sqlite_column(struct skep_sqlite_shape *shape, const char *name);

/*
 * Marks what the table that is there has, and says in @differences what it has that the records
 * have not, or have of another type.
 */
int skep_sqlite_compare(struct skep_sqlite *s, const struct skep_sqlite_table *table,
			struct skep_sqlite_shape *shape, struct skep_text *differences,
			struct skep_error *err);

#endif
