// SPDX-License-Identifier: MIT
#include "stream/sqlite_shape.h"

#include <errno.h>
#include <string.h>
#include <skep/view.h>

#include "base/error.h"

/* What Debian's library takes; a schema may have more. */
#define MAX_COLUMNS 2000

void skep_sqlite_shape_free(struct skep_sqlite_shape *shape)
{
	skep_vec_for_each(&shape->columns, column) {
		free(column->name);
	}
	skep_vec_free(&shape->columns);
}

struct skep_sqlite_column *skep_sqlite_column(struct skep_sqlite_shape *shape, const char *name)
{
	skep_vec_for_each(&shape->columns, column) {
		if (!sqlite3_stricmp(column->name, name))
			return column;
	}
	return NULL;
}

/* "pid", and "PID_2" for what would be the same name. Allocated. */
static char *unique_name(struct skep_sqlite_shape *shape, const char *name)
{
	char *given = strdup(name);

	for (unsigned int n = 2; given && skep_sqlite_column(shape, given); n++) {
		free(given);
		if (asprintf(&given, "%s_%u", name, n) < 0)
			return NULL;
	}
	return given;
}

static int add_column(struct skep_sqlite_shape *shape, const char *name, const char *type,
		      bool is_time)
{
	char *given = unique_name(shape, name);
	struct skep_sqlite_column *column = given ? skep_vec_push(&shape->columns) : NULL;

	if (!column) {
		free(given);
		return -ENOMEM;
	}
	*column = (struct skep_sqlite_column){ given, type, is_time, false };
	return 0;
}

/*
 * A column without a type keeps what it is given, as it is: SQLite would make of the digits of a
 * number above INT64_MAX a rounded one wherever integers are declared.
 */
static const char *type_of(const struct skep_schema *schema, size_t i)
{
	enum skep_value_kind kind = skep_schema_column_kind(schema, i);
	size_t size = skep_schema_column_size(schema, i);

	if (kind == SKEP_VALUE_TEXT)
		return "TEXT";
	if (kind == SKEP_VALUE_DOUBLE)
		return "REAL";
	return size > 8 || (size == 8 && kind == SKEP_VALUE_UNSIGNED) ? "" : "INTEGER";
}

static bool is_time(const struct skep_schema *schema, size_t i)
{
	const char *meaning = skep_schema_column_meaning(schema, i);

	return !strcmp(meaning, "time") || !strcmp(meaning, "boot_time") ||
	       !strcmp(meaning, "wall_time");
}

/* A source without a schema has one column: a line, or bytes of unknown type. */
static int add_whole(struct skep_sqlite_table *table, struct skep_sqlite_shape *shape)
{
	bool is_text = table->source->is_text;

	return add_column(shape, is_text ? "line" : "bytes", is_text ? "TEXT" : "BLOB", false);
}

static int add_columns(struct skep_sqlite_table *table, const struct skep_view *view,
		       struct skep_sqlite_shape *shape)
{
	const struct skep_schema *schema = table->source->schema;
	int ret = 0;

	table->columns = calloc(table->n_columns, sizeof(*table->columns));
	if (!table->columns)
		return -ENOMEM;
	for (size_t i = 0; i < table->n_columns && !ret; i++) {
		size_t column = view ? (size_t)skep_view_column(view, i) : i;

		table->columns[i] = column;
		ret = add_column(shape, skep_schema_column(schema, column), type_of(schema, column),
				 is_time(schema, column));
	}
	return ret;
}

int skep_sqlite_shape(struct skep_sqlite_table *table, const struct skep_view *view,
		      struct skep_sqlite_shape *shape, struct skep_error *err)
{
	const struct skep_schema *schema = table->source->schema;

	if (schema)
		table->n_columns =
			view ? skep_view_n_columns(view) : skep_schema_n_all_columns(schema);
	else
		table->n_columns = 1;
	if (!table->n_columns || table->n_columns > MAX_COLUMNS)
		return skep_error_set(err, SKEP_STAGE_DELIVER, E2BIG,
				      "records of '%s' have %zu columns; a table takes 1 to %d",
				      table->source->name, table->n_columns, MAX_COLUMNS);
	if (schema ? add_columns(table, view, shape) : add_whole(table, shape))
		return skep_error_nomem(err, SKEP_STAGE_DELIVER);
	return 0;
}

/* Room for one more difference; what does not fit into a message is left out. */
static bool differ(struct skep_text *differences)
{
	if (differences->len > 300)
		return false;
	if (differences->len)
		skep_text_lit(differences, ", ");
	return true;
}

static const char *type_name(const char *type)
{
	return type[0] ? type : "no type";
}

static void compare_column(struct skep_sqlite_shape *shape, const char *name, const char *type,
			   struct skep_text *differences)
{
	struct skep_sqlite_column *column = skep_sqlite_column(shape, name);

	if (column && !sqlite3_stricmp(type, column->type))
		column->is_found = true;
	else if (!column && differ(differences))
		skep_text_printf(differences, "the records have no '%s'", name);
	else if (column && differ(differences))
		skep_text_printf(differences, "'%s' has %s there and %s in the records", name,
				 type_name(type), type_name(column->type));
}

int skep_sqlite_compare(struct skep_sqlite *s, const struct skep_sqlite_table *table,
			struct skep_sqlite_shape *shape, struct skep_text *differences,
			struct skep_error *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(s->db, "SELECT name, type FROM pragma_table_info(?1)", -1,
				    &stmt, NULL);

	rc = rc ?: sqlite3_bind_text(stmt, 1, table->name, -1, SQLITE_STATIC);
	rc = rc ?: SQLITE_ROW;
	while (rc == SQLITE_ROW) {
		rc = sqlite3_step(stmt);
		if (rc == SQLITE_ROW)
			compare_column(shape, (const char *)sqlite3_column_text(stmt, 0) ?: "",
				       (const char *)sqlite3_column_text(stmt, 1) ?: "",
				       differences);
	}
	sqlite3_finalize(stmt);
	return rc == SQLITE_DONE ? 0 : skep_sqlite_failed(s, rc, err);
}
