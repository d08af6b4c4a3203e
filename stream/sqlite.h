/* SPDX-License-Identifier: MIT */
/*
 * Rows of a database. Records are inserted by one prepared statement a source, many in a
 * transaction, which ends when it has `batch` rows or, at a flush, when it is old enough.
 *
 * What fails with a transaction loses all of its rows. After that no record waits for the database:
 * it is tried again after a pause, and those in between are lost at once.
 */
#ifndef SKEP_STREAM_SQLITE_H
#define SKEP_STREAM_SQLITE_H

#include <sqlite3.h>

#include "stream/sink.h"

/* A source's table. */
struct skep_sqlite_table {
	const struct skep_source *source;
	char *name;
	sqlite3_stmt *insert; /* NULL: the table was not looked for yet */
	sqlite3_stmt *trim;   /* deletes what is beyond `keep`; or NULL */
	size_t n_columns;
	size_t *columns; /* of the schema, in the order of the statement's parameters */
	bool is_used;	 /* in this transaction */
	struct skep_error *refused;
};

struct skep_sqlite {
	sqlite3 *db; /* NULL: it could not be opened again */
	char *path;
	const char *table; /* of all sources; NULL: each has its own */
	uint64_t batch, keep;
	int64_t busy;	  /* nanoseconds to wait for other writers */
	int64_t patience; /* the same for this time: less after it was in vain */
	int64_t waits_since;
	const bool *is_ending;				  /* atomic: the sink's */
	uint64_t pending;				  /* rows of this transaction */
	int64_t began;					  /* it; 0: there is none */
	int64_t retry_at;				  /* after a failure */
	struct skep_vec(struct skep_sqlite_table) tables; /* by the source's index */
	struct skep_text scratch;
};

/* The database's last failure in words; a negative errno. */
int skep_sqlite_failed(const struct skep_sqlite *s, int rc, struct skep_error *err);

/* Opens the file, which is made if it is not there. */
int skep_sqlite_connect(struct skep_sqlite *s, struct skep_error *err);
void skep_sqlite_disconnect(struct skep_sqlite *s);

/* One statement without results. */
int skep_sqlite_run(struct skep_sqlite *s, const char *sql, struct skep_error *err);

/*
 * The table is there afterwards, with the shape of the source's records, and `insert` is prepared.
 * Not within a transaction. EEXIST: there is one of another shape.
 */
int skep_sqlite_prepare(struct skep_sqlite *s, struct skep_sqlite_table *table,
			struct skep_error *err);

/* Inserts a record. */
int skep_sqlite_insert(struct skep_sqlite *s, struct skep_sqlite_table *table, const void *data,
		       size_t len, struct skep_error *err);

/* Ends the statements: what they were prepared for has changed. */
void skep_sqlite_forget(struct skep_sqlite_table *table);

#endif
