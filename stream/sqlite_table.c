// SPDX-License-Identifier: MIT
/*
 * A source's table: made from the schema of its records, or found.
 *
 * One that is found is appended to when it has the columns of the records; when the records have
 * more, these are added. One that has other columns than the records is somebody else's.
 */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "stream/sqlite_shape.h"

/* SQLite keeps names with its own prefix to itself. */
static int choose_name(const struct skep_sqlite *s, struct skep_sqlite_table *table,
		       struct skep_error *err)
{
	const char *name = s->table ? s->table : table->source->name;
	bool is_reserved = !sqlite3_strnicmp(name, "sqlite_", 7);

	if (!name[0])
		name = "records";
	if (asprintf(&table->name, "%s%s", is_reserved ? "_" : "", name) >= 0)
		return 0;
	table->name = NULL;
	skep_error_nomem(err, SKEP_STAGE_DELIVER);
	return -ENOMEM;
}

/* What the file has under this name. 0: nothing or a table; EEXIST: something else. */
static int look_up(struct skep_sqlite *s, const struct skep_sqlite_table *table, bool *exists,
		   struct skep_error *err)
{
	static const char sql[] = "SELECT type = 'table', type FROM sqlite_master WHERE name = ?1 "
				  "COLLATE NOCASE AND type IN ('table', 'view', 'index')";
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL), ret = 0;

	*exists = false;
	rc = rc ?: sqlite3_bind_text(stmt, 1, table->name, -1, SQLITE_STATIC);
	rc = rc ?: sqlite3_step(stmt);
	if (rc == SQLITE_ROW && sqlite3_column_int(stmt, 0)) {
		*exists = true;
	} else if (rc == SQLITE_ROW) {
		const char *type = (const char *)sqlite3_column_text(stmt, 1) ?: "thing";

		ret = skep_error_set(err, SKEP_STAGE_DELIVER, EEXIST, "'%s' is a%s %s there",
				     table->name, type[0] == 'i' ? "n" : "", type);
	} else if (rc != SQLITE_DONE) {
		ret = skep_sqlite_failed(s, rc, err);
	}
	sqlite3_finalize(stmt);
	return ret;
}

static void write_name(struct skep_text *out, const char *name)
{
	skep_text_char(out, '"');
	for (; *name; name++) {
		if (*name == '"')
			skep_text_char(out, '"');
		skep_text_char(out, *name);
	}
	skep_text_char(out, '"');
}

static void write_column(struct skep_text *sql, const struct skep_sqlite_column *column)
{
	write_name(sql, column->name);
	if (column->type[0]) {
		skep_text_char(sql, ' ');
		skep_text_str(sql, column->type);
	}
}

static int run_text(struct skep_sqlite *s, struct skep_text *sql, struct skep_error *err)
{
	const char *text = skep_text_string(sql);

	if (sql->failed)
		return skep_error_nomem(err, SKEP_STAGE_DELIVER);
	return skep_sqlite_run(s, text, err);
}

static int create(struct skep_sqlite *s, const struct skep_sqlite_table *table,
		  struct skep_sqlite_shape *shape, struct skep_error *err)
{
	SKEP_SCOPED(skep_text_free) struct skep_text sql = { 0 };

	skep_text_lit(&sql, "CREATE TABLE ");
	write_name(&sql, table->name);
	skep_vec_for_each(&shape->columns, column) {
		skep_text_str(&sql, column == shape->columns.items ? "(" : ", ");
		write_column(&sql, column);
	}
	skep_text_char(&sql, ')');
	return run_text(s, &sql, err);
}

static int extend(struct skep_sqlite *s, const struct skep_sqlite_table *table,
		  struct skep_sqlite_shape *shape, struct skep_error *err)
{
	SKEP_SCOPED(skep_text_free) struct skep_text sql = { 0 };

	skep_vec_for_each(&shape->columns, column) {
		if (column->is_found)
			continue;
		skep_text_lit(&sql, "ALTER TABLE ");
		write_name(&sql, table->name);
		skep_text_lit(&sql, " ADD COLUMN ");
		write_column(&sql, column);
		skep_text_lit(&sql, ";");
	}
	return run_text(s, &sql, err);
}

/* Nanoseconds as people read them; the column itself is for comparing. */
static void write_time(struct skep_text *sql, const char *name, struct skep_text *alias)
{
	skep_text_lit(sql, ", strftime('%Y-%m-%d %H:%M:%S', ");
	write_name(sql, name);
	skep_text_lit(sql, " / 1000000000, 'unixepoch') || printf('.%09d', ");
	write_name(sql, name);
	skep_text_lit(sql, " % 1000000000) AS ");
	skep_text_reset(alias);
	skep_text_printf(alias, "%s_readable", name);
	write_name(sql, skep_text_string(alias));
}

/* Columns that are added later are in it as well: the star is looked at when it is read. */
static int create_view(struct skep_sqlite *s, const struct skep_sqlite_table *table,
		       struct skep_sqlite_shape *shape, struct skep_error *err)
{
	SKEP_SCOPED(skep_text_free) struct skep_text sql = { 0 }, name = { 0 };
	size_t empty;

	skep_text_printf(&name, "%s_readable", table->name);
	skep_text_lit(&sql, "CREATE VIEW IF NOT EXISTS ");
	write_name(&sql, skep_text_string(&name));
	skep_text_lit(&sql, " AS SELECT *");
	empty = sql.len;
	skep_vec_for_each(&shape->columns, column) {
		if (column->is_time)
			write_time(&sql, column->name, &name);
	}
	if (sql.len == empty)
		return 0;
	skep_text_lit(&sql, " FROM ");
	write_name(&sql, table->name);
	return run_text(s, &sql, err);
}

static int refuse(const struct skep_sqlite_table *table, const struct skep_text *differences,
		  struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_DELIVER, EEXIST,
		       "table '%s' is there and has another shape: %.*s", table->name,
		       (int)differences->len, differences->data);
	skep_error_add_hint(err, "name another table by table=NAME, or another file");
	return -EEXIST;
}

/* Makes the table what it must be, or says why it is not. Within a transaction. */
static int shape_table(struct skep_sqlite *s, const struct skep_sqlite_table *table,
		       struct skep_sqlite_shape *shape, struct skep_error *err)
{
	SKEP_SCOPED(skep_text_free) struct skep_text differences = { 0 };
	bool exists;
	int ret = look_up(s, table, &exists, err);

	if (ret)
		return ret;
	if (!exists)
		return create(s, table, shape, err) ?: create_view(s, table, shape, err);
	ret = skep_sqlite_compare(s, table, shape, &differences, err);
	if (ret)
		return ret;
	return differences.len ? refuse(table, &differences, err) : extend(s, table, shape, err);
}

static int prepare(struct skep_sqlite *s, struct skep_text *sql, sqlite3_stmt **stmt,
		   struct skep_error *err)
{
	int rc;

	skep_text_string(sql);
	if (sql->failed)
		return skep_error_nomem(err, SKEP_STAGE_DELIVER);
	rc = sqlite3_prepare_v3(s->db, sql->data, -1, SQLITE_PREPARE_PERSISTENT, stmt, NULL);
	return rc ? skep_sqlite_failed(s, rc, err) : 0;
}

static int prepare_insert(struct skep_sqlite *s, struct skep_sqlite_table *table,
			  struct skep_sqlite_shape *shape, struct skep_error *err)
{
	SKEP_SCOPED(skep_text_free) struct skep_text sql = { 0 };

	skep_text_lit(&sql, "INSERT INTO ");
	write_name(&sql, table->name);
	skep_vec_for_each(&shape->columns, column) {
		skep_text_char(&sql, column == shape->columns.items ? '(' : ',');
		write_name(&sql, column->name);
	}
	skep_text_lit(&sql, ") VALUES");
	for (size_t i = 0; i < shape->columns.len; i++)
		skep_text_str(&sql, i ? ",?" : "(?");
	skep_text_char(&sql, ')');
	return prepare(s, &sql, &table->insert, err);
}

/* Rows are numbered as they come. Columns hide the names of those numbers; there are three. */
static int prepare_trim(struct skep_sqlite *s, struct skep_sqlite_table *table,
			struct skep_sqlite_shape *shape, struct skep_error *err)
{
	static const char *const names[] = { "rowid", "_rowid_", "oid" };
	SKEP_SCOPED(skep_text_free) struct skep_text sql = { 0 };
	size_t i = 0;

	if (!s->keep)
		return 0;
	while (i < 3 && skep_sqlite_column(shape, names[i]))
		i++;
	if (i == 3)
		return skep_error_set(err, SKEP_STAGE_DELIVER, EINVAL,
				      "rows of '%s' cannot be counted for keep=N: its columns "
				      "have all names of SQLite's row numbers",
				      table->name);
	skep_text_lit(&sql, "DELETE FROM ");
	write_name(&sql, table->name);
	skep_text_printf(&sql, " WHERE %s <= (SELECT max(%s) FROM ", names[i], names[i]);
	write_name(&sql, table->name);
	skep_text_printf(&sql, ") - %llu", (unsigned long long)s->keep);
	return prepare(s, &sql, &table->trim, err);
}

static int make(struct skep_sqlite *s, struct skep_sqlite_table *table,
		struct skep_sqlite_shape *shape, struct skep_error *err)
{
	int ret = skep_sqlite_shape(table, table->source->view, shape, err);

	ret = ret ?: choose_name(s, table, err);
	ret = ret ?: skep_sqlite_run(s, "BEGIN IMMEDIATE", err);
	if (ret)
		return ret;
	ret = shape_table(s, table, shape, err);
	ret = ret ?: skep_sqlite_run(s, "COMMIT", err);
	ret = ret ?: prepare_insert(s, table, shape, err);
	ret = ret ?: prepare_trim(s, table, shape, err);
	if (!sqlite3_get_autocommit(s->db))
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	return ret;
}

int skep_sqlite_prepare(struct skep_sqlite *s, struct skep_sqlite_table *table,
			struct skep_error *err)
{
	struct skep_sqlite_shape shape = { 0 };
	int ret = make(s, table, &shape, err);

	skep_sqlite_shape_free(&shape);
	if (ret)
		skep_sqlite_forget(table);
	return ret;
}
