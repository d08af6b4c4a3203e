// SPDX-License-Identifier: MIT
/* skep test FILE.json: tests that are described, and descriptions that are wrong. */
#include "cli/described.h"
#include "kernel/support.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>

static void described_tests_set_up_and_compare(void **state)
{
	struct run_result r;

	(void)state;
	NEED_BPF();
	describe(
		&r,
		NAMED PACKET LIMITS(
			18,
			18) "\"context\": { \"mark\": 77 },"
			    "\"expect\": { \"return\": \"TC_ACT_OK\", \"globals\": { \"last_mark\": 77 },"
			    "\"packet\": \"00010203040506070809 0a0b 88b5 ee 22 33 44\","
			    "\"maps\": { \"counts\": [ { \"key\": 1, \"value\": 1 } ],"
			    "\"seen\": [ { \"key\": 0, \"value\": { \"packets\": 1, \"change\": [ -1 ] } } ],"
			    "\"limits\": [ { \"key\": 34997, \"value\": { \"most\": 18 } } ] } }");
	assert_run(&r, r.status == 0 && strstr(r.out, "ok    n\n"));
	run_free(&r);
}

/* What was there on every CPU, and what the program did on one of them. */
static void described_values_of_all_cpus_are_added_up(void **state)
{
	char members[1024];
	struct run_result r;

	(void)state;
	NEED_BPF();
	snprintf(members, sizeof(members),
		 NAMED PACKET
		 "\"maps\": { \"seen\": [ { \"key\": 0, \"value\": { \"packets\": 100, "
		 "\"change\": [ -7 ] } } ] }, \"expect\": { \"maps\": { \"seen\": [ { "
		 "\"key\": 0, \"value\": { \"packets\": %d, \"change\": [ %d ] } } ] } }",
		 100 * get_nprocs_conf() + 1, -7 * get_nprocs_conf() - 1);
	describe(&r, members);
	assert_run(&r, r.status == 0);
	run_free(&r);
}

static void described_differences_are_told(void **state)
{
	struct run_result r;

	(void)state;
	NEED_BPF();
	describe(&r,
		 NAMED PACKET LIMITS(
			 1, 17) "\"expect\": { \"return\": 0, \"globals\": { \"last_mark\": 1 },"
				"\"packet\": \"00010203040506070809 0a0b 88b5 ee 22 34 44\","
				"\"maps\": { \"counts\": [ { \"key\": 0, \"value\": 3 } ],"
				"\"limits\": [ { \"key\": 5, \"value\": {} },"
				" { \"key\": 34997, \"value\": { \"most\": 18 } } ] } }");
	assert_run(&r, r.status == 1 && strstr(r.out, "FAIL  n\n"));
	assert_run(&r, strstr(r.out, "it returned 2, not 0\n"));
	assert_run(&r, strstr(r.out, "is another from byte 16 on than the 18 expected: "));
	assert_run(&r, strstr(r.out, "last_mark is 0, not 1\n"));
	assert_run(&r, strstr(r.out, "counts[0] is 1, not 3\n"));
	assert_run(&r, strstr(r.out, "limits has no key 5\n"));
	assert_run(&r, strstr(r.out, "limits[1] is {\"least\":1,\"most\":17}, not "));
	run_free(&r);
	describe(&r, NAMED PACKET "\"expect\": {}");
	assert_run(&r, r.status == 1 && strstr(r.out, "it checks nothing"));
	run_free(&r);
}

static void described_lines_are_those_that_are_logged(void **state)
{
	static const char form[] =
		"{ \"object\": \"%s/cli_logs.%s.o\", \"tests\": [ { \"name\": \"n\","
		"\"program\": \"look\", \"packet\": { \"zeros\": 20 },"
		"\"expect\": { \"log\": [ \"info: a packet of * bytes\", %s ] } } ] }";
	static const struct {
		const char *line, *says;
		int status;
	} cases[] = {
		{ "\"warn: too short\"", "ok    n\n", 0 },
		{ "\"info: too short\"", "log line 2 is 'warn: too short', not 'info: too short'\n",
		  1 },
		{ "\"*\", \"*\"", "log: 2 lines came, not 3\n", 1 },
		{ "5", "a string is wanted here", 2 },
	};

	(void)state;
	NEED_BPF();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[1024];
		struct run_result r;

		snprintf(text, sizeof(text), form, getenv("SKEP_FIXTURES"),
			 __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? "el" : "eb", cases[i].line);
		RUN(&r, "skep", "test", put_file("t.json", text, strlen(text)));
		assert_run(&r, r.status == cases[i].status);
		assert_run(&r, strstr(cases[i].status == 2 ? r.err : r.out, cases[i].says));
		run_free(&r);
	}
}

static void described_tests_that_are_wrong_name_the_place(void **state)
{
	static const struct {
		const char *members, *says;
	} cases[] = {
		{ "\"name\": \"n\", \"expect\": {}", ":3:12: the member 'program' is missing" },
		{ NAMED "\"expects\": {}", ":4:44: there is no member 'expects'; allowed: name" },
		{ NAMED "\"expect\": { \"return\": \"TC_ACT_OKAY\" }", "has a 'TC_ACT_OKAY'" },
		{ NAMED "\"expect\": { \"globals\": { \"mark\": 1 } }",
		  "has no variable 'mark'; it has last_mark" },
		{ NAMED "\"expect\": { \"globals\": { \"last_mark\": -1 } }", "out of its range" },
		{ NAMED "\"expect\": { \"maps\": { \"nothing\": [] } }",
		  "no map in use 'nothing'; it has limits, counts, seen, mixed" },
		{ NAMED "\"expect\": { \"maps\": { \"counts\": 5 } }", "'[' must be here" },
		{ NAMED
		  "\"expect\": { \"maps\": { \"mixed\": [ { \"key\": 0, \"value\": {} } ] } }",
		  "only if they are made of integers of one size" },
		{ NAMED "\"expect\": { \"return\": 4294967296 }", "programs return 32 bits" },
		{ NAMED "\"expect\": { \"records\": { \"counts\": [] } }",
		  ":4:68: 'counts' carries no records" },
		{ NAMED LIMITS(1, x) "\"expect\": {}", "t.json:4:" },
		{ NAMED "\"packet\": \"abc\", \"expect\": {}", "half a byte is left over" },
		{ NAMED "\"packet\": {}, \"expect\": {}", "it says no bytes; allowed:" },
		{ NAMED "\"expect\": {} , \"name\"", "':' must be here" },
		{ "\"name\": \"n\", \"program\": \"limits\", \"expect\": {}", ":4:25: " },
		{ "\"name\": \"n\", \"program\": \"limits\", \"expect\": {}",
		  "has no program 'limits'; did you mean 'limit'?" },
	};

	(void)state;
	NEED_BPF();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct run_result r;

		describe(&r, cases[i].members);
		assert_run(&r, r.status == 2 && !r.out_len && count_lines(r.err) == 1);
		assert_run(&r, strstr(r.err, cases[i].says));
		run_free(&r);
	}
}

/* Each byte of a description damaged, or cut off there: no crash, and never a success. */
static void described_tests_survive_damage(void **state)
{
	const char *good = "{\"object\":\"nowhere.o\",\"tests\":[{\"name\":\"n\",\"program\":\"p\","
			   "\"packet\":\"00ff\",\"expect\":{\"return\":1,\"maps\":{}}}]}";
	size_t len = strlen(good);

	(void)state;
	for (size_t i = 0; i < len; i++) {
		char text[256];
		struct run_result r;

		snprintf(text, sizeof(text), "%s", good);
		text[i] = (char)(i % 2 ? '{' : 0x80);
		RUN(&r, "skep", "test", put_file("t.json", text, i % 3 ? len : i));
		assert_run(&r, r.status == 1 || r.status == 2);
		assert_run(&r, count_lines(r.err) == 1);
		run_free(&r);
	}
}

static void described_examples_pass(void **state)
{
	char path[512];
	struct run_result r;

	(void)state;
	NEED_BPF();
	snprintf(path, sizeof(path), "%s/examples/test/drop.test.json", getenv("SKEP_SOURCE"));
	RUN(&r, "skep", "test", path);
	assert_run(&r, r.status == 0 && strstr(r.out, "2 tests: 2 passed, 0 failed, 0 skipped\n"));
	run_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(described_tests_set_up_and_compare),
		cmocka_unit_test(described_values_of_all_cpus_are_added_up),
		cmocka_unit_test(described_differences_are_told),
		cmocka_unit_test(described_lines_are_those_that_are_logged),
		cmocka_unit_test(described_tests_that_are_wrong_name_the_place),
		cmocka_unit_test(described_tests_survive_damage),
		cmocka_unit_test(described_examples_pass),
	};

	return cmocka_run_group_tests_name("cli", tests, described_setup, described_teardown);
}
