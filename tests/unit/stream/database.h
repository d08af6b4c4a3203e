/* SPDX-License-Identifier: MIT */
/* A database in a folder of the test's, records for it, and questions to it. */
#ifndef SKEP_TESTS_STREAM_DATABASE_H
#define SKEP_TESTS_STREAM_DATABASE_H

#include <sqlite3.h>
#include <unistd.h>

#include "unit/record/support.h"

#include "stream/sink.h"

static char folder[64], file[96], answer_text[4096];

static int make_folder(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/skep-sqlite-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(file, sizeof(file), "%s/t.db", folder);
	return 0;
}

static int remove_folder(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	return system(command);
}

/* "sqlite:FILE" and what follows. Static storage. */
static const char *spec_of(const char *settings)
{
	static char spec[256];

	snprintf(spec, sizeof(spec), "sqlite:%s%s", file, settings);
	return spec;
}

static struct skep_sink *open_sink(const char *settings)
{
	struct skep_error err = { 0 };
	struct skep_sink *sink = skep_sink_open(spec_of(settings), &err);

	assert_ok(sink, &err);
	return sink;
}

/* What the database answers: columns parted by "|", rows by a newline. Static storage. */
static inline const char *ask(const char *sql)
{
	struct skep_text text = { 0 };
	sqlite3_stmt *stmt;
	sqlite3 *db;

	assert_int_equal(sqlite3_open_v2(file, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		if (text.len)
			skep_text_char(&text, '\n');
		for (int i = 0; i < sqlite3_column_count(stmt); i++) {
			if (i)
				skep_text_char(&text, '|');
			skep_text_str(&text, (const char *)sqlite3_column_text(stmt, i) ?: "NULL");
		}
	}
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	snprintf(answer_text, sizeof(answer_text), "%s", skep_text_string(&text));
	skep_text_free(&text);
	return answer_text;
}

struct event {
	uint64_t cookie;
	uint32_t pid;
	int32_t ret;
	char comm[8];
};

static const struct event event = { 7, 42, -2, "cat" };

static struct skep_schema *event_schema(void)
{
	struct skep_btf_builder *b = new_types();

	skep_btf_builder_array(b, CHAR, U32, 8);
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "event", sizeof(struct event));
	skep_btf_builder_member(b, "cookie", U64, 8 * offsetof(struct event, cookie), 0);
	skep_btf_builder_member(b, "pid", U32, 8 * offsetof(struct event, pid), 0);
	skep_btf_builder_member(b, "ret", S32, 8 * offsetof(struct event, ret), 0);
	skep_btf_builder_member(b, "comm", N_BASE, 8 * offsetof(struct event, comm), 0);
	return last_type(b);
}

#endif
