// SPDX-License-Identifier: MIT
/* skep run -o: databases and metrics. */
#include "cli/run_objects.h"
#include "daemon.h"

#include <sqlite3.h>
#include <sys/socket.h>
#include <unistd.h>

static char folder[64], spec[128];

static int setup(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/skep-stored-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int teardown(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

/* The one number that a query of the database gives. */
static int64_t number(const char *path, const char *sql)
{
	sqlite3_stmt *stmt;
	sqlite3 *db;
	int64_t n;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	n = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return n;
}

static void run_writes_rows_of_a_database(void **state)
{
	struct run_result r;

	(void)state;
	snprintf(spec, sizeof(spec), "sqlite:%s/t.db,table=all", folder);
	RUN(&r, "skep", "run", events, "-o", spec, "-o", "jsonl", "--", emitter, "50");
	assert_run(&r, r.status == 0 && count_lines(r.out) >= 50);
	*strchr(spec, ',') = '\0';
	assert_int_equal(number(spec + 7, "SELECT count(*) FROM \"all\""), count_lines(r.out));
	assert_int_equal(number(spec + 7, "SELECT count(DISTINCT number) FROM \"all\" "
					  "WHERE comm = 'emitter' AND number < 50"),
			 50);
	run_free(&r);
}

static void run_says_what_its_database_could_not_take(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "skep", "run", events, "-o", "sqlite:/proc/t.db", "--", emitter, "5");
	assert_run(&r, r.status == 1 && strstr(r.err, "the database cannot be written"));
	run_free(&r);
	snprintf(spec, sizeof(spec), "sqlite:%s/t.db,table=t", folder);
	RUN(&r, "skep", "run", events, "-o", spec, "--columns", "comm", "--", emitter, "5");
	assert_run(&r, r.status == 0);
	run_free(&r);
	RUN(&r, "skep", "run", events, "-o", spec, "--columns", "number", "--", emitter, "5");
	assert_run(&r, r.status == 1 && strstr(r.err, "table 't' is there and has another shape: "
						      "the records have no 'comm'"));
	run_free(&r);
}

#define ASK "import sys, urllib.request as u; print(u.urlopen(sys.argv[1]).read().decode())"

static void run_answers_prometheus(void **state)
{
	uint16_t port = free_port(SOCK_STREAM);
	struct run_result r;
	char script[16384];

	(void)state;
	snprintf(
		script, sizeof(script),
		"\"$SKEP_BIN\" run %s -o 'prometheus:127.0.0.1:%u,count=seen by comm' -d 4 & p=$!\n"
		"n=0; until python3 -c '" ASK "' http://127.0.0.1:%u/metrics 2>/dev/null |\n"
		"grep '^seen_total{comm=\"emitter\"} '; do\n"
		"n=$((n+1)); [ $n -lt 30 ] || break; %s 2; sleep 0.1; done; wait $p",
		events, port, port, emitter);
	RUN(&r, "sh", "-c", script);
	assert_run(&r, r.status == 0 && count_lines(r.out) == 1 && strstr(r.err, ", 0 lost"));
	run_free(&r);
}

static void run_refuses_metrics_that_cannot_be(void **state)
{
	static const struct {
		const char *spec, *message;
		int status;
	} refused[] = {
		{ "prometheus:127.0.0.1:x", "has no port between 0 and 65535", 2 },
		{ "prometheus:127.0.0.1:0,count=a by", "nothing follows the word 'by'", 2 },
		{ "prometheus:127.0.0.1:0,config=/nowhere", "/nowhere", 2 },
		{ "prometheus:127.0.0.1:0,count=a by com", "have no column 'com'", 1 },
	};
	struct run_result r;

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		RUN(&r, "skep", "run", events, "-o", refused[i].spec, "--", emitter, "5");
		assert_run(&r, r.status == refused[i].status && strstr(r.err, refused[i].message));
		run_free(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(run_writes_rows_of_a_database, setup, teardown),
		cmocka_unit_test_setup_teardown(run_says_what_its_database_could_not_take, setup,
						teardown),
		cmocka_unit_test_setup_teardown(run_answers_prometheus, setup, teardown),
		cmocka_unit_test(run_refuses_metrics_that_cannot_be),
	};

	return cmocka_run_group_tests_name("cli/stored", tests, run_setup, NULL);
}
