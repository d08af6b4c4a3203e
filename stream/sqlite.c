// SPDX-License-Identifier: MIT
/* The output "sqlite": transactions, and what is counted when one fails. */
#include "stream/sqlite.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "stream/setting.h"
#include "stream/sink_types.h"

#define SECOND 1000000000LL
/* A transaction is no older when a flush ends it: who reads the database sees that much less. */
#define COMMIT_AFTER (SECOND / 10)
#define RETRY_AFTER  SECOND
/* How long one record waits for a writer that made earlier ones wait in vain. */
#define BUSY_AGAIN (SECOND / 10)

static int read_settings(const struct skep_sink *sink, struct skep_sqlite *s,
			 struct skep_error *err)
{
	s->table = skep_sink_setting(sink, "table");
	s->batch = 10000;
	s->busy = 5 * SECOND;
	if (s->table && !s->table[0])
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "table= names no table");
	return skep_sink_number(sink, "rows", 1, 10000000, &s->batch, err)	   ?:
		       skep_sink_number(sink, "keep", 1, INT64_MAX, &s->keep, err) ?:
		       skep_sink_duration(sink, "busy", 0, 3600 * SECOND, &s->busy, err);
}

static int sqlite_open(struct skep_sink *sink, const char *target, struct skep_error *err)
{
	struct skep_sqlite *s = calloc(1, sizeof(*s));
	int ret;

	sink->state = s;
	if (s)
		s->path = strdup(target);
	if (!s || !s->path)
		return skep_error_nomem(err, SKEP_STAGE_DELIVER);
	s->is_ending = &sink->is_ending;
	ret = read_settings(sink, s, err);
	return ret ?: skep_sqlite_connect(s, err);
}

/* The transaction is over without having been committed: its rows are lost. */
static void lose_transaction(struct skep_sink *sink, const struct skep_error *why)
{
	const struct skep_error unnamed = { .code = EIO };
	struct skep_sqlite *s = sink->state;
	uint64_t lost = s->pending;

	if (!sqlite3_get_autocommit(s->db))
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	s->began = 0;
	s->pending = 0;
	s->retry_at = skep_clock_now(CLOCK_MONOTONIC) + RETRY_AFTER;
	skep_sink_lose(sink, lost, why ? why : &unnamed);
}

static int trim_tables(struct skep_sqlite *s, struct skep_error *err)
{
	skep_vec_for_each(&s->tables, table) {
		int rc;

		if (!table->is_used || !table->trim)
			continue;
		rc = sqlite3_step(table->trim);
		sqlite3_reset(table->trim);
		if (rc != SQLITE_DONE)
			return skep_sqlite_failed(s, rc, err);
		table->is_used = false;
	}
	return 0;
}

static int commit(struct skep_sink *sink, struct skep_error *err)
{
	struct skep_sqlite *s = sink->state;
	int ret;

	if (!s->began)
		return 0;
	ret = trim_tables(s, err) ?: skep_sqlite_run(s, "COMMIT", err);
	if (ret) {
		lose_transaction(sink, err);
		return ret;
	}
	s->began = 0;
	s->pending = 0;
	return 0;
}

static bool was_moved(const struct skep_sqlite *s)
{
	int moved = 0;

	return !sqlite3_file_control(s->db, "main", SQLITE_FCNTL_HAS_MOVED, &moved) && moved;
}

/*
 * Something is to be written. A file that was moved away or removed is made anew, as by SIGHUP:
 * rows would be gone with it otherwise.
 */
static int wake(struct skep_sqlite *s, struct skep_error *err)
{
	int ret = 0;

	if (s->retry_at && skep_clock_now(CLOCK_MONOTONIC) < s->retry_at) {
		skep_error_set(err, SKEP_STAGE_DELIVER, EAGAIN, "is tried again in a second");
		skep_error_add_object(err, "%s", s->path);
		return -EAGAIN;
	}
	if (s->db && was_moved(s)) {
		/* The journal is still here, and closing would not put it into a moved file. */
		sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
		skep_sqlite_disconnect(s);
	}
	if (!s->db)
		ret = skep_sqlite_connect(s, err);
	s->patience = s->retry_at && s->busy > BUSY_AGAIN ? BUSY_AGAIN : s->busy;
	return ret;
}

static int begin(struct skep_sqlite *s, struct skep_error *err)
{
	int ret = skep_sqlite_run(s, "BEGIN IMMEDIATE", err);

	if (ret)
		return ret;
	s->began = skep_clock_now(CLOCK_MONOTONIC);
	s->retry_at = 0;
	return 0;
}

static struct skep_sqlite_table *table_of(struct skep_sqlite *s, const struct skep_source *source,
					  struct skep_error *err)
{
	struct skep_sqlite_table *table;

	while (s->tables.len <= source->index) {
		if (!skep_vec_push(&s->tables)) {
			skep_error_nomem(err, SKEP_STAGE_DELIVER);
			return NULL;
		}
	}
	table = &s->tables.items[source->index];
	table->source = source;
	return table;
}

/* A shape that does not fit stays so: the records that follow are refused without a look. */
static int prepare(struct skep_sqlite *s, struct skep_sqlite_table *table, struct skep_error *err)
{
	struct skep_error why = { 0 };
	int ret;

	if (!table->refused) {
		ret = skep_sqlite_prepare(s, table, &why);
		if (!ret || ret == -EAGAIN || ret == -EBUSY) {
			if (ret && err)
				*err = why;
			return ret;
		}
		table->refused = malloc(sizeof(why));
		if (!table->refused)
			return skep_error_nomem(err, SKEP_STAGE_DELIVER);
		*table->refused = why;
	}
	if (err)
		*err = *table->refused;
	return -table->refused->code;
}

/* The table is prepared and a transaction open. */
static int make_ready(struct skep_sink *sink, struct skep_sqlite_table *table,
		      struct skep_error *err)
{
	struct skep_sqlite *s = sink->state;
	int ret = s->began ? 0 : wake(s, err);

	if (!ret && !table->insert) {
		ret = commit(sink, err) ?: prepare(s, table, err);
		if (ret && table->refused)
			return ret;
	}
	if (!ret && !s->began)
		ret = begin(s, err);
	if (ret && ret != -EAGAIN)
		s->retry_at = skep_clock_now(CLOCK_MONOTONIC) + RETRY_AFTER;
	return ret;
}

static int sqlite_write(struct skep_sink *sink, const struct skep_source *source, const void *data,
			size_t len, struct skep_error *err)
{
	struct skep_sqlite *s = sink->state;
	struct skep_sqlite_table *table = table_of(s, source, err);
	int ret;

	if (!table)
		return -ENOMEM;
	if (!s->began || !table->insert) {
		ret = make_ready(sink, table, err);
		if (ret)
			return ret;
	}
	ret = skep_sqlite_insert(s, table, data, len, err);
	if (ret) {
		if (sqlite3_get_autocommit(s->db))
			lose_transaction(sink, err);
		return ret;
	}
	table->is_used = true;
	/* This record is counted by the caller. */
	if (s->pending + 1 >= s->batch)
		return commit(sink, err);
	s->pending++;
	return 0;
}

static int sqlite_flush(struct skep_sink *sink, bool is_last, struct skep_error *err)
{
	struct skep_sqlite *s = sink->state;

	if (!s->began)
		return 0;
	if (!is_last && skep_clock_now(CLOCK_MONOTONIC) - s->began < COMMIT_AFTER)
		return 0;
	return commit(sink, err);
}

static int sqlite_reopen(struct skep_sink *sink, struct skep_error *err)
{
	struct skep_sqlite *s = sink->state;
	int ret = commit(sink, err);

	skep_sqlite_disconnect(s);
	return ret ?: skep_sqlite_connect(s, err);
}

static void sqlite_close(struct skep_sink *sink)
{
	struct skep_sqlite *s = sink->state;

	if (!s)
		return;
	skep_sqlite_disconnect(s);
	skep_vec_for_each(&s->tables, table) {
		free(table->refused);
	}
	skep_vec_free(&s->tables);
	skep_text_free(&s->scratch);
	free(s->path);
	free(s);
}

static const struct skep_sink_option options[] = {
	{ "table", "NAME", "the table of all records; otherwise each source has its own" },
	{ "rows", "N", "rows of a transaction at most (10000)" },
	{ "keep", "N", "rows to keep in a table; the oldest are deleted" },
	{ "busy", "TIME", "how long to wait for another program that writes (5s)" },
	{ NULL },
};

const struct skep_sink_type skep_sink_sqlite = {
	.name = "sqlite",
	.target = "FILE",
	.summary = "rows of a database, a table for each source",
	.may_wait = true,
	.options = options,
	.open = sqlite_open,
	.write = sqlite_write,
	.flush = sqlite_flush,
	.close = sqlite_close,
	.reopen = sqlite_reopen,
};
