// SPDX-License-Identifier: MIT
/* Databases that cannot be opened or written: what is said, counted and kept. */
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "database.h"

#include "base/clock.h"

static void refuses(const char *spec, const char *says)
{
	struct skep_error err = { 0 };
	struct skep_sink *sink = skep_sink_open(spec, &err);

	assert_null(sink);
	assert_error_says(&err, says);
}

static void what_is_no_database_is_refused(void **state)
{
	static const char text[] = "This is a text of some length, and certainly no database. "
				   "A header of SQLite's has a hundred bytes, which this has.";
	char spec[256];
	FILE *out = fopen(file, "w");

	(void)state;
	fputs(text, out);
	fclose(out);
	refuses(spec_of(""), "the file is no SQLite database");
	refuses(spec_of(""), "output 'sqlite:");
	snprintf(spec, sizeof(spec), "sqlite:%s", folder);
	refuses(spec, "this is no regular file");
	snprintf(spec, sizeof(spec), "sqlite:%s/none/t.db", folder);
	refuses(spec, "cannot be written: No such file or directory");
	refuses("sqlite", "it needs the name of a file");
	refuses("sqlite:", "it needs the name of a file");
	refuses("sqlite::memory:", "this is no file");
	refuses("sqlite:t.db,tables=2", "has no option 'tables'; it has table=NAME");
	refuses("sqlite:t.db,rows=0", "give a number between 1 and");
	refuses("sqlite:t.db,busy=soon", "give seconds");
	refuses("sqlite:t.db,table=", "names no table");
}

static void a_locked_database_loses_what_it_cannot_take(void **state)
{
	struct skep_schema *schema = event_schema();
	const struct skep_source source = { .name = "t", .schema = schema, .index = 0 };
	struct skep_sink *sink = open_sink(",busy=50ms");
	sqlite3 *other;

	(void)state;
	assert_false(skep_sink_write(sink, &source, &event, sizeof(event)));
	assert_false(skep_sink_flush(sink, true));
	assert_int_equal(sqlite3_open(file, &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(skep_sink_write(sink, &source, &event, sizeof(event)), -EBUSY);
	/* Those that follow do not wait again. */
	for (int i = 0; i < 1000; i++)
		assert_int_equal(skep_sink_write(sink, &source, &event, sizeof(event)), -EAGAIN);
	assert_int_equal(sink->lost, 1001);
	assert_error_says(&sink->failed, "another program writes to the database");
	assert_error_says(&sink->failed, "busy=TIME");
	assert_int_equal(sqlite3_exec(other, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(other);
	usleep(1050000);
	assert_false(skep_sink_write(sink, &source, &event, sizeof(event)));
	assert_false(skep_sink_flush(sink, true));
	assert_int_equal(sink->delivered, 2);
	skep_sink_close(sink);
	assert_string_equal(ask("SELECT count(*) FROM t"), "2");
	skep_schema_free(schema);
}

static void the_end_of_a_run_does_not_wait_for_a_lock(void **state)
{
	struct skep_schema *schema = event_schema();
	const struct skep_source source = { .name = "t", .schema = schema };
	struct skep_sink *sink = open_sink(",busy=1h");
	int64_t begin = skep_clock_now(CLOCK_MONOTONIC);
	sqlite3 *other;

	(void)state;
	assert_int_equal(sqlite3_open(file, &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	sink->is_ending = true;
	assert_int_equal(skep_sink_write(sink, &source, &event, sizeof(event)), -EBUSY);
	assert_true(skep_clock_now(CLOCK_MONOTONIC) - begin < 4000000000);
	assert_int_equal(sink->lost, 1);
	sqlite3_close(other);
	skep_sink_close(sink);
	skep_schema_free(schema);
}

/* A small file system of this process alone; false: it may not have one. */
static bool mount_small(const char *options)
{
	return !unshare(CLONE_NEWNS) && !mount("none", "/", "", MS_REC | MS_PRIVATE, "") &&
	       !mount("none", folder, "tmpfs", 0, options);
}

/* Runs @body in a child, which says what it found by its exit code. */
static int in_child(int (*body)(void))
{
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(body());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

enum { GOOD, BAD, NO_RIGHTS = 77 };

#define CHECK(condition)                                                        \
	do {                                                                    \
		if (!(condition)) {                                             \
			fprintf(stderr, "line %d: %s\n", __LINE__, #condition); \
			return BAD;                                             \
		}                                                               \
	} while (0)

static int fill_disk(void)
{
	struct skep_schema *schema = event_schema();
	const struct skep_source source = { .name = "t", .schema = schema, .index = 0 };
	struct skep_sink *sink;
	uint64_t sent = 0;
	char count[32];

	if (!mount_small("size=1m"))
		return NO_RIGHTS;
	sink = open_sink(",rows=500");
	while (!sink->lost && sent < 1000000) {
		skep_sink_write(sink, &source, &event, sizeof(event));
		sent++;
	}
	CHECK(sink->lost >= 1 && sink->failed.code == ENOSPC);
	CHECK(error_says(&sink->failed, "there is no room left for the database"));
	for (int i = 0; i < 100; i++, sent++)
		CHECK(skep_sink_write(sink, &source, &event, sizeof(event)) == -EAGAIN);
	skep_sink_flush(sink, true);
	CHECK(sink->delivered + sink->lost == sent);
	snprintf(count, sizeof(count), "%llu", (unsigned long long)sink->delivered);
	skep_sink_close(sink);
	skep_schema_free(schema);
	CHECK(!strcmp(ask("PRAGMA integrity_check"), "ok"));
	CHECK(!strcmp(ask("SELECT count(*) FROM t"), count));
	return GOOD;
}

static void a_full_disk_loses_whole_transactions_and_counts_them(void **state)
{
	int code = in_child(fill_disk);

	(void)state;
	NEED(code != NO_RIGHTS, "no file system may be mounted here");
	assert_int_equal(code, GOOD);
}

static int write_nowhere(void)
{
	struct skep_schema *schema = event_schema();
	const struct skep_source source = { .name = "t", .schema = schema, .index = 0 };
	struct skep_error err = { 0 };
	struct skep_sink *sink;

	if (!mount_small(NULL))
		return NO_RIGHTS;
	sink = open_sink("");
	CHECK(!skep_sink_write(sink, &source, &event, sizeof(event)));
	skep_sink_flush(sink, true);
	skep_sink_close(sink);
	CHECK(!mount("none", folder, "", MS_REMOUNT | MS_RDONLY, ""));
	CHECK(!skep_sink_open(spec_of(""), &err));
	CHECK(err.code == EROFS && error_says(&err, "cannot be written: Read-only file system"));
	CHECK(error_says(&err, "its folder must be writable"));
	file[strlen(file) - 1] = 'x';
	CHECK(!skep_sink_open(spec_of(""), &err));
	CHECK(err.code == EROFS);
	skep_schema_free(schema);
	return GOOD;
}

/* As somebody who may read the folder and the file. */
static int write_without_rights(void)
{
	struct skep_error err = { 0 };
	struct skep_sink *sink = open_sink("");

	skep_sink_close(sink);
	if (chmod(folder, 0755) || setgid(65534) || setuid(65534))
		return NO_RIGHTS;
	CHECK(!skep_sink_open(spec_of(""), &err));
	CHECK(err.code == EACCES && error_says(&err, "cannot be written: Permission denied"));
	file[strlen(file) - 1] = 'x';
	CHECK(!skep_sink_open(spec_of(""), &err));
	CHECK(err.code == EACCES);
	return GOOD;
}

static void rights_that_lack_are_told(void **state)
{
	int code = in_child(write_without_rights);

	(void)state;
	NEED(code != NO_RIGHTS, "another user cannot be tried here");
	assert_int_equal(code, GOOD);
}

static void a_read_only_place_is_told(void **state)
{
	int code = in_child(write_nowhere);

	(void)state;
	NEED(code != NO_RIGHTS, "no file system may be mounted here");
	assert_int_equal(code, GOOD);
}

static void a_killed_writer_leaves_what_it_had_committed(void **state)
{
	struct skep_schema *schema = event_schema();
	const struct skep_source source = { .name = "t", .schema = schema, .index = 0 };
	int ready[2], status;
	pid_t pid;

	(void)state;
	assert_false(pipe(ready));
	pid = fork();
	if (!pid) {
		struct skep_sink *sink = open_sink(",rows=1000");

		for (int i = 0; i < 5500; i++)
			skep_sink_write(sink, &source, &event, sizeof(event));
		_exit(write(ready[1], "x", 1) == 1 && pause());
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &status, 1), 1);
	close(ready[0]);
	assert_false(kill(pid, SIGKILL));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_string_equal(ask("PRAGMA integrity_check"), "ok");
	assert_string_equal(ask("SELECT count(*) FROM t"), "5000");
	skep_schema_free(schema);
}

static void a_file_that_was_moved_away_is_made_anew(void **state)
{
	struct skep_schema *schema = event_schema();
	const struct skep_source source = { .name = "t", .schema = schema, .index = 0 };
	struct skep_sink *sink = open_sink("");
	char moved[128];

	(void)state;
	assert_false(skep_sink_write(sink, &source, &event, sizeof(event)));
	assert_false(skep_sink_flush(sink, true));
	snprintf(moved, sizeof(moved), "%s/old.db", folder);
	assert_false(rename(file, moved));
	assert_false(skep_sink_write(sink, &source, &event, sizeof(event)));
	assert_false(skep_sink_flush(sink, true));
	assert_false(skep_sink_write(sink, &source, &event, sizeof(event)));
	assert_false(sink->type->reopen(sink, NULL));
	assert_false(skep_sink_write(sink, &source, &event, sizeof(event)));
	assert_false(skep_sink_flush(sink, true));
	skep_sink_close(sink);
	assert_string_equal(ask("SELECT count(*) FROM t"), "3");
	strcpy(file, moved);
	assert_string_equal(ask("SELECT count(*) FROM t"), "1");
	skep_schema_free(schema);
}

static void a_table_that_is_dropped_meanwhile_loses_records_only(void **state)
{
	struct skep_schema *schema = event_schema();
	const struct skep_source source = { .name = "t", .schema = schema, .index = 0 };
	struct skep_sink *sink = open_sink(",rows=1");

	(void)state;
	assert_false(skep_sink_write(sink, &source, &event, sizeof(event)));
	ask("DROP TABLE t");
	assert_int_not_equal(skep_sink_write(sink, &source, &event, sizeof(event)), 0);
	assert_error_says(&sink->failed, "no such table");
	assert_int_equal(sink->lost, 1);
	skep_sink_close(sink);
	skep_schema_free(schema);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_no_database_is_refused, make_folder,
						remove_folder),
		cmocka_unit_test_setup_teardown(a_locked_database_loses_what_it_cannot_take,
						make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(the_end_of_a_run_does_not_wait_for_a_lock,
						make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(
			a_full_disk_loses_whole_transactions_and_counts_them, make_folder,
			remove_folder),
		cmocka_unit_test_setup_teardown(rights_that_lack_are_told, make_folder,
						remove_folder),
		cmocka_unit_test_setup_teardown(a_read_only_place_is_told, make_folder,
						remove_folder),
		cmocka_unit_test_setup_teardown(a_killed_writer_leaves_what_it_had_committed,
						make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_file_that_was_moved_away_is_made_anew,
						make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(
			a_table_that_is_dropped_meanwhile_loses_records_only, make_folder,
			remove_folder),
	};

	return cmocka_run_group_tests_name("stream_sqlite_failure", tests, NULL, NULL);
}
