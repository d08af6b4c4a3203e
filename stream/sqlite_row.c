// SPDX-License-Identifier: MIT
/* A record as a row. */
#include "stream/sqlite.h"

#include <inttypes.h>

#include "base/error.h"

/* True for text that the next value may move: SQLite copies that. */
static bool is_scratch(const struct skep_text *scratch, const char *data)
{
	return scratch->data && data >= scratch->data && data < scratch->data + scratch->cap;
}

static int bind_text(sqlite3_stmt *stmt, int at, const struct skep_value *value,
		     const struct skep_text *scratch)
{
	const char *data = value->text.len ? value->text.data : "";

	return sqlite3_bind_text64(stmt, at, data, value->text.len,
				   is_scratch(scratch, data) ? SQLITE_TRANSIENT : SQLITE_STATIC,
				   SQLITE_UTF8);
}

/* SQLite's integers are signed: a larger one is its digits. */
static int bind_unsigned(sqlite3_stmt *stmt, int at, uint64_t number)
{
	char digits[24];
	int len;

	if (number <= INT64_MAX)
		return sqlite3_bind_int64(stmt, at, (sqlite3_int64)number);
	len = snprintf(digits, sizeof(digits), "%" PRIu64, number);
	return sqlite3_bind_text(stmt, at, digits, len, SQLITE_TRANSIENT);
}

static int bind(sqlite3_stmt *stmt, int at, const struct skep_value *value,
		const struct skep_text *scratch)
{
	switch (value->kind) {
	case SKEP_VALUE_UNSIGNED:
		return bind_unsigned(stmt, at, value->u);
	case SKEP_VALUE_SIGNED:
		return sqlite3_bind_int64(stmt, at, value->i);
	case SKEP_VALUE_BOOL:
		return sqlite3_bind_int(stmt, at, value->b);
	case SKEP_VALUE_DOUBLE:
		return sqlite3_bind_double(stmt, at, value->d);
	case SKEP_VALUE_TEXT:
		return bind_text(stmt, at, value, scratch);
	default:
		return sqlite3_bind_null(stmt, at);
	}
}

static int bind_all(struct skep_sqlite *s, const struct skep_sqlite_table *table, const void *data,
		    size_t len)
{
	const struct skep_schema *schema = table->source->schema;
	struct skep_value value;
	int rc = SQLITE_OK;

	if (table->source->is_text)
		return sqlite3_bind_text64(table->insert, 1, len ? data : "", len, SQLITE_STATIC,
					   SQLITE_UTF8);
	if (!schema)
		return sqlite3_bind_blob64(table->insert, 1, len ? data : "", len, SQLITE_STATIC);
	skep_text_reset(&s->scratch);
	for (size_t i = 0; i < table->n_columns && !rc; i++) {
		skep_record_value(schema, table->columns[i], data, len, &s->scratch, &value);
		rc = bind(table->insert, (int)i + 1, &value, &s->scratch);
	}
	return s->scratch.failed ? SQLITE_NOMEM : rc;
}

int skep_sqlite_insert(struct skep_sqlite *s, struct skep_sqlite_table *table, const void *data,
		       size_t len, struct skep_error *err)
{
	int rc = bind_all(s, table, data, len), ret = 0;

	if (!rc)
		rc = sqlite3_step(table->insert);
	/* Before the reset, which does not keep every message. */
	if (rc != SQLITE_DONE)
		ret = skep_sqlite_failed(s, rc, err);
	sqlite3_reset(table->insert);
	return ret;
}
