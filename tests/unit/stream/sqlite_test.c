// SPDX-License-Identifier: MIT
/* Records as rows: tables, their columns, and values as they are kept. */
#include <math.h>
#include <skep/view.h>

#include "database.h"

#define LONG_TIME 1767225600123456789ULL /* 2026-01-01 */

static void records_become_rows_of_their_sources_table(void **state)
{
	struct skep_schema *schema = event_schema();
	const struct skep_source a = { .name = "a", .schema = schema, .index = 0 },
				 b = { .name = "b", .schema = schema, .index = 1 };
	struct skep_sink *sink = open_sink("");

	(void)state;
	assert_false(skep_sink_write(sink, &a, &event, sizeof(event)));
	assert_false(skep_sink_write(sink, &b, &event, sizeof(event)));
	assert_false(skep_sink_write(sink, &a, &event, sizeof(event)));
	assert_false(skep_sink_flush(sink, true));
	assert_int_equal(sink->delivered, 3);
	assert_int_equal(sink->lost, 0);
	skep_sink_close(sink);
	assert_string_equal(ask("SELECT * FROM a"), "7|42|-2|cat\n7|42|-2|cat");
	assert_string_equal(ask("SELECT * FROM b WHERE comm = 'cat' AND pid > 41"), "7|42|-2|cat");
	assert_string_equal(ask("PRAGMA journal_mode"), "wal");
	assert_int_not_equal(access(strcat(strcpy(answer_text, file), "-wal"), F_OK), 0);
	skep_schema_free(schema);
}

static void one_table_may_take_all_sources(void **state)
{
	struct skep_schema *schema = event_schema();
	const struct skep_source a = { .name = "a", .schema = schema, .index = 0 },
				 b = { .name = "b", .schema = schema, .index = 5 };
	struct skep_sink *sink = open_sink(",table=all,rows=1");

	(void)state;
	assert_false(skep_sink_write(sink, &a, &event, sizeof(event)));
	assert_false(skep_sink_write(sink, &b, &event, sizeof(event)));
	assert_string_equal(ask("SELECT count(*) FROM \"all\""), "2");
	skep_sink_close(sink);
	skep_schema_free(schema);
}

static void values_are_kept_exactly(void **state)
{
	struct {
		uint64_t u;
		int64_t i;
		uint8_t wide[16];
		double d;
		float f;
		bool b;
		char c;
		uint16_t list[2];
	} record = { UINT64_MAX, INT64_MIN, { 0 }, NAN, 0.25, true, 'x', { 1, 2 } };
	struct skep_btf_builder *b = new_types();
	struct skep_schema *schema;
	struct skep_source source = { .name = "t" };
	struct skep_sink *sink = open_sink("");

	(void)state;
	memset(record.wide, 0xff, sizeof(record.wide));
	skep_btf_builder_array(b, U16, U32, 2);
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "r", sizeof(record));
	skep_btf_builder_member(b, "u", U64, 0, 0);
	skep_btf_builder_member(b, "i", S64, 64, 0);
	skep_btf_builder_member(b, "wide", U128, 128, 0);
	skep_btf_builder_member(b, "d", DOUBLE, 256, 0);
	skep_btf_builder_member(b, "f", FLOAT, 320, 0);
	skep_btf_builder_member(b, "b", BOOL, 352, 0);
	skep_btf_builder_member(b, "c", CHAR, 360, 0);
	skep_btf_builder_member(b, "list", N_BASE, 368, 0);
	source.schema = schema = last_type(b);
	assert_false(skep_sink_write(sink, &source, &record, sizeof(record)));
	record.u = INT64_MAX;
	assert_false(skep_sink_write(sink, &source, &record, 16));
	record.u = (uint64_t)INT64_MAX + 1;
	assert_false(skep_sink_write(sink, &source, &record, 15));
	assert_false(skep_sink_flush(sink, true));
	skep_sink_close(sink);
	assert_string_equal(
		ask("SELECT u, i, wide, d, f, b, c, list FROM t"),
		"18446744073709551615|-9223372036854775808|"
		"340282366920938463463374607431768211455|NULL|0.25|1|x|[1,2]\n"
		"9223372036854775807|-9223372036854775808|NULL|NULL|NULL|NULL|NULL|NULL\n"
		"9223372036854775808|NULL|NULL|NULL|NULL|NULL|NULL|NULL");
	assert_string_equal(ask("SELECT typeof(u), typeof(i), typeof(f), typeof(c) FROM t "
				"LIMIT 1"),
			    "text|integer|real|text");
	skep_schema_free(schema);
}

static void records_of_unknown_type_are_bytes(void **state)
{
	const struct skep_source source = { .name = "raw", .schema = NULL, .index = 0 };
	struct skep_sink *sink = open_sink("");

	(void)state;
	assert_false(skep_sink_write(sink, &source, "\0\1\xff", 3));
	assert_false(skep_sink_write(sink, &source, "", 0));
	assert_false(skep_sink_flush(sink, true));
	skep_sink_close(sink);
	assert_string_equal(ask("SELECT typeof(bytes), hex(bytes) FROM raw"), "blob|0001FF\nblob|");
}

static void lines_are_text(void **state)
{
	const struct skep_source source = { .name = "lines", .is_text = true };
	struct skep_sink *sink = open_sink("");

	(void)state;
	assert_false(skep_sink_write(sink, &source, "it's one", 8));
	assert_false(skep_sink_flush(sink, true));
	skep_sink_close(sink);
	assert_string_equal(ask("SELECT typeof(line), line FROM lines"), "text|it's one");
}

static void chosen_columns_are_those_of_the_table(void **state)
{
	struct skep_schema *schema = event_schema();
	struct skep_view_opts view_opts = { sizeof(view_opts), "comm,pid" };
	struct skep_view *view = skep_view_new(schema, &view_opts, NULL);
	const struct skep_source source = { .name = "t", .schema = schema, .view = view };
	struct skep_sink *sink = skep_sink_open(spec_of(""), NULL);

	(void)state;
	assert_false(skep_sink_write(sink, &source, &event, sizeof(event)));
	assert_false(skep_sink_flush(sink, true));
	skep_sink_close(sink);
	assert_string_equal(ask("SELECT * FROM t"), "cat|42");
	skep_view_free(view);
	skep_schema_free(schema);
}

static void names_of_all_kinds_are_taken(void **state)
{
	static const char *const names[] = { "it's; DROP TABLE \"x\"; --", "sqlite_master",
					     "select", "", "a\nb" };
	struct skep_btf_builder *b = new_types();
	struct skep_schema *schema;
	struct skep_sink *sink = open_sink(",keep=5");
	struct skep_source source;

	(void)state;
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "r", 16);
	skep_btf_builder_member(b, "select", U32, 0, 0);
	skep_btf_builder_member(b, "rowid", U32, 32, 0);
	skep_btf_builder_member(b, "Pid", U32, 64, 0);
	skep_btf_builder_member(b, "pid", U32, 96, 0);
	schema = last_type(b);
	for (uint32_t i = 0; i < 5; i++) {
		source = (struct skep_source){ .name = names[i], .schema = schema, .index = i };
		assert_false(skep_sink_write(sink, &source, "\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0", 16));
	}
	assert_false(skep_sink_flush(sink, true));
	skep_sink_close(sink);
	assert_string_equal(ask("SELECT \"select\", \"rowid\", \"Pid\", \"pid_2\" FROM \"it's; "
				"DROP TABLE \"\"x\"\"; --\""),
			    "1|2|3|4");
	assert_string_equal(ask("SELECT count(*) FROM _sqlite_master"), "1");
	assert_string_equal(ask("SELECT count(*) FROM records"), "1");
	assert_string_equal(ask("SELECT count(*) FROM \"select\", \"a\nb\""), "1");
	skep_schema_free(schema);
}

static struct skep_schema *two_members(const char *second, uint32_t type)
{
	struct skep_btf_builder *b = new_types();

	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "r", second ? 12 : 4);
	skep_btf_builder_member(b, "pid", U32, 0, 0);
	if (second)
		skep_btf_builder_member(b, second, type, 32, 0);
	return last_type(b);
}

/* Writes a record of such a shape into table t; what went wrong is in @err. */
static int write_shape(const char *second, uint32_t type, struct skep_error *err)
{
	const struct skep_source source = { .name = "t",
					    .schema = two_members(second, type),
					    .index = 0 };
	struct skep_sink *sink = open_sink("");
	int ret = skep_sink_write(sink, &source, "\1\0\0\0\2\0\0\0\0\0\0", 12);

	/* What was refused once is refused without a look. */
	assert_int_equal(skep_sink_write(sink, &source, "\1\0\0\0\2\0\0\0\0\0\0", 12), ret);
	assert_int_equal(sink->lost, ret ? 2 : 0);
	skep_sink_flush(sink, true);
	*err = sink->failed;
	skep_sink_close(sink);
	skep_schema_free((struct skep_schema *)source.schema);
	return ret;
}

static void tables_that_are_there_are_used_if_their_shape_fits(void **state)
{
	struct skep_error err;

	(void)state;
	assert_false(write_shape(NULL, 0, &err));
	assert_false(write_shape(NULL, 0, &err));
	/* New columns are added. */
	assert_false(write_shape("ret", S32, &err));
	assert_string_equal(ask("SELECT * FROM t LIMIT 3 OFFSET 2"), "1|NULL\n1|NULL\n1|2");
	assert_int_equal(write_shape("ret", DOUBLE, &err), -EEXIST);
	assert_error_says(&err, "another shape: 'ret' has INTEGER there and REAL in the records");
	assert_error_says(&err, "t.db");
	assert_error_says(&err, "table=NAME");
	assert_int_equal(write_shape("other", S32, &err), -EEXIST);
	assert_error_says(&err, "the records have no 'ret'");
	assert_string_equal(ask("SELECT count(*) FROM t"), "6");
	ask("ALTER TABLE t RENAME TO u");
	ask("CREATE VIEW t AS SELECT * FROM u");
	assert_int_equal(write_shape("ret", S32, &err), -EEXIST);
	assert_error_says(&err, "'t' is a view there");
}

static void the_oldest_rows_are_deleted_beyond_those_to_keep(void **state)
{
	struct skep_schema *schema = event_schema();
	const struct skep_source source = { .name = "t", .schema = schema, .index = 0 };
	struct skep_sink *sink = open_sink(",keep=10,rows=7");
	struct event e = event;

	(void)state;
	for (e.pid = 0; e.pid < 100; e.pid++)
		assert_false(skep_sink_write(sink, &source, &e, sizeof(e)));
	assert_false(skep_sink_flush(sink, true));
	assert_string_equal(ask("SELECT count(*), min(pid), max(pid) FROM t"), "10|90|99");
	skep_sink_close(sink);
	skep_schema_free(schema);
}

static void times_are_readable_in_a_view(void **state)
{
	const uint64_t record[2] = { LONG_TIME, LONG_TIME };
	struct skep_btf_builder *b = new_types();
	struct skep_source source = { .name = "t" };
	struct skep_sink *sink = open_sink("");
	uint32_t type;

	(void)state;
	type = (uint32_t)skep_btf_builder_composite(b, BTF_KIND_STRUCT, "r", 16);
	skep_btf_builder_member(b, "at", U64, 0, 0);
	skep_btf_builder_member(b, "number", U64, 64, 0);
	tag(b, type, 0, "skep:wall_time");
	source.schema = try_type(b, type, NULL);
	assert_false(skep_sink_write(sink, &source, record, sizeof(record)));
	assert_false(skep_sink_flush(sink, true));
	skep_sink_close(sink);
	assert_string_equal(ask("SELECT * FROM t_readable"),
			    "1767225600123456789|1767225600123456789|"
			    "2026-01-01 00:00:00.123456789");
	skep_schema_free((struct skep_schema *)source.schema);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(records_become_rows_of_their_sources_table,
						make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(one_table_may_take_all_sources, make_folder,
						remove_folder),
		cmocka_unit_test_setup_teardown(values_are_kept_exactly, make_folder,
						remove_folder),
		cmocka_unit_test_setup_teardown(records_of_unknown_type_are_bytes, make_folder,
						remove_folder),
		cmocka_unit_test_setup_teardown(lines_are_text, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(chosen_columns_are_those_of_the_table, make_folder,
						remove_folder),
		cmocka_unit_test_setup_teardown(names_of_all_kinds_are_taken, make_folder,
						remove_folder),
		cmocka_unit_test_setup_teardown(tables_that_are_there_are_used_if_their_shape_fits,
						make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(the_oldest_rows_are_deleted_beyond_those_to_keep,
						make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(times_are_readable_in_a_view, make_folder,
						remove_folder),
	};

	return cmocka_run_group_tests_name("stream_sqlite", tests, NULL, NULL);
}
