/* SPDX-License-Identifier: MIT */
/*
 * Rows of named values, printed in one of three ways from one description: aligned columns, JSON,
 * or one value a line. A value that is no column is in the other two only; one that a row lacks is
 * "-" in its column and left out otherwise.
 *
 *	static const struct table_column columns[] = { { "id", "ID", true }, { "name", "NAME" },
 *						       { NULL } };
 *
 *	table_begin(&t, columns, TABLE_COLUMNS);
 *	table_row(&t);
 *	table_u64(&t, "id", 7);
 *	table_string(&t, "name", "open");
 *	return table_end(&t);
 *
 * Running out of memory is told once, by table_end().
 */
#ifndef SKEP_CLI_TABLE_H
#define SKEP_CLI_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <skep/text.h>

enum table_style {
	TABLE_COLUMNS, /* under a header if stdout is a terminal */
	TABLE_LINES,   /* "name  value", rows apart by an empty line */
	TABLE_JSON,    /* an array of objects, one a line */
	TABLE_OBJECT,  /* JSON, and the only row stands alone */
};

struct table_column {
	const char *name; /* of the value, and of the JSON member */
	const char *title;
	bool is_right;
	bool is_extra; /* shown if it is asked for (cli/columns.h) */
};

#define TABLE_MAX_COLUMNS 24

struct table {
	const struct table_column *columns; /* ended by one without a name */
	enum table_style style;
	struct skep_text out;	/* JSON or lines */
	struct skep_text cells; /* of columns */
	struct table_cell {
		size_t at, len;
	} * grid, *cell; /* n_columns a row; the one at work */
	size_t n_columns, n_rows, cap;
	size_t n_values;   /* of the row at work */
	bool only_columns; /* set behind table_begin(): in JSON and lines, too */
	bool failed;
};

void table_begin(struct table *t, const struct table_column *columns, enum table_style style);
void table_row(struct table *t);

/* Whether a value of this name would be shown: for those that cost something to find out. */
bool table_wants(const struct table *t, const char *name);

/* Whether values are written as JSON: what table_raw() takes then. */
bool table_is_json(const struct table *t);

/* A string from outside, escaped as the style needs it; NULL and "" are left out. */
void table_string(struct table *t, const char *name, const char *value);
void table_u64(struct table *t, const char *name, uint64_t value);
void table_i64(struct table *t, const char *name, int64_t value);
void table_bool(struct table *t, const char *name, bool value);
/* Bytes with a unit for people, as a number in JSON. */
void table_bytes(struct table *t, const char *name, uint64_t value);
/* Nanoseconds likewise. */
void table_duration(struct table *t, const char *name, uint64_t ns);
/* A time in nanoseconds since 1970; local time for people. */
void table_time(struct table *t, const char *name, uint64_t ns);
/* "0x1f", in JSON as a string, as 64 bits are more than some readers of JSON take. */
void table_hex(struct table *t, const char *name, uint64_t value);
/* Numbers by commas, or an array; none are left out. */
void table_ids(struct table *t, const char *name, const uint32_t *ids, size_t n);
void table_printf(struct table *t, const char *name, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* What is already text for people or, if table_is_json(), a JSON value. Empty: left out. */
void table_raw(struct table *t, const char *name, const struct skep_text *value);

/* The rows to t->out, aligned; what table_end() does with TABLE_COLUMNS. */
void table_write_columns(struct table *t, bool with_header);

/* Prints and frees it. The exit code. */
int table_end(struct table *t);

/* Frees what was not printed. */
void table_drop(struct table *t);

#endif
