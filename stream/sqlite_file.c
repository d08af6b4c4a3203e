// SPDX-License-Identifier: MIT
/* The database's file, and why it cannot be used. */
#include "stream/sqlite.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"

/* Pages between checkpoints of the journal: each of those waits for the disk. */
#define CHECKPOINT_PAGES 8192

/* Nanoseconds to wait for a lock when the run ends. */
#define END_PATIENCE 1000000000

#define NO_ROOM "there is no room left for the database"

#define TEXT(x)	 TEXT_(x)
#define TEXT_(x) #x

static int refuse(const struct skep_sqlite *s, int code, const char *cause, const char *hint,
		  struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_DELIVER, code, "%s", cause);
	skep_error_add_object(err, "%s", s->path);
	if (hint)
		skep_error_add_hint(err, "%s", hint);
	return -code;
}

/* What the system says about writing the file and making others beside it; 0: nothing. */
static int unwritable(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
	int code = 0;

	if ((!access(path, F_OK) && access(path, W_OK)) || (dir && access(dir, W_OK)))
		code = errno;
	free(dir);
	return code;
}

static int no_access(const struct skep_sqlite *s, struct skep_error *err)
{
	int code = unwritable(s->path) ?: s->db ? sqlite3_system_errno(s->db) : 0;

	if (code == ENOSPC || code == EDQUOT)
		return refuse(s, code, NO_ROOM, NULL, err);
	skep_error_set(err, SKEP_STAGE_DELIVER, code ?: EIO, "the database cannot be written: %s",
		       code ? strerror(code) : sqlite3_errmsg(s->db));
	skep_error_add_object(err, "%s", s->path);
	if (code == EROFS || code == EACCES)
		skep_error_add_hint(err, "its folder must be writable as well: the journal is "
					 "made there");
	return -(code ?: EIO);
}

int skep_sqlite_failed(const struct skep_sqlite *s, int rc, struct skep_error *err)
{
	switch (rc & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return refuse(s, EBUSY, "another program writes to the database and does not end",
			      "end its transaction, or wait longer with busy=TIME", err);
	case SQLITE_FULL:
		return refuse(s, ENOSPC, NO_ROOM, "make room, or limit it with keep=N", err);
	case SQLITE_NOTADB:
		return refuse(s, EINVAL, "the file is no SQLite database",
			      "name another file; one that does not exist is made", err);
	case SQLITE_CORRUPT:
		return refuse(s, EIO, "the database is damaged",
			      "'sqlite3 FILE .recover' reads what is left of it", err);
	case SQLITE_NOMEM:
		return skep_error_nomem(err, SKEP_STAGE_DELIVER);
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
	case SQLITE_IOERR:
		return no_access(s, err);
	default:
		skep_error_set(err, SKEP_STAGE_DELIVER, EIO, "%s", sqlite3_errmsg(s->db));
		skep_error_add_object(err, "%s", s->path);
		return -EIO;
	}
}

int skep_sqlite_run(struct skep_sqlite *s, const char *sql, struct skep_error *err)
{
	int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);

	return rc ? skep_sqlite_failed(s, rc, err) : 0;
}

/*
 * Called while another connection has the lock, for the @n-th time; 0: no more. SQLite's own
 * timeout would know of no end of the run.
 */
static int wait_for_lock(void *ctx, int n)
{
	struct skep_sqlite *s = ctx;
	int64_t now = skep_clock_now(CLOCK_MONOTONIC), patience = s->patience;

	if (!n)
		s->waits_since = now;
	if (patience > END_PATIENCE && __atomic_load_n(s->is_ending, __ATOMIC_RELAXED))
		patience = END_PATIENCE;
	if (now - s->waits_since >= patience)
		return 0;
	usleep(n < 10 ? 1000 : 20000);
	return 1;
}

/*
 * A database may have come from elsewhere: what its own triggers and views call is held to harmless
 * functions. Where there can be no shared memory (some network file systems) the journal stays as
 * it is, which the first statement does not call a failure.
 */
static int configure(struct skep_sqlite *s, struct skep_error *err)
{
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	s->patience = s->busy;
	sqlite3_busy_handler(s->db, wait_for_lock, s);
	return skep_sqlite_run(s,
			       "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
			       "PRAGMA wal_autocheckpoint=" TEXT(CHECKPOINT_PAGES),
			       err);
}

static int check_path(const struct skep_sqlite *s, struct skep_error *err)
{
	struct stat st;

	if (!s->path[0])
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "it needs the name of a file: sqlite:FILE");
	/* This name would be a database in memory, gone at the end. */
	if (!strcmp(s->path, ":memory:"))
		return refuse(s, EINVAL, "this is no file", "write ./:memory: if it is one", err);
	if (!stat(s->path, &st) && !S_ISREG(st.st_mode))
		return refuse(s, EINVAL, "this is no regular file", NULL, err);
	return 0;
}

int skep_sqlite_connect(struct skep_sqlite *s, struct skep_error *err)
{
	const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
			  SQLITE_OPEN_EXRESCODE;
	int ret = check_path(s, err), rc;

	if (ret)
		return ret;
	rc = sqlite3_open_v2(s->path, &s->db, flags, NULL);
	ret = rc ? skep_sqlite_failed(s, rc, err) : configure(s, err);
	if (ret)
		skep_sqlite_disconnect(s);
	return ret;
}

void skep_sqlite_forget(struct skep_sqlite_table *table)
{
	sqlite3_finalize(table->insert);
	sqlite3_finalize(table->trim);
	free(table->columns);
	free(table->name);
	free(table->refused);
	*table = (struct skep_sqlite_table){ .source = table->source };
}

void skep_sqlite_disconnect(struct skep_sqlite *s)
{
	skep_vec_for_each(&s->tables, table) {
		skep_sqlite_forget(table);
	}
	/* What a transaction holds that was not committed is rolled back. */
	sqlite3_close(s->db);
	s->db = NULL;
	s->began = 0;
	s->pending = 0;
}
