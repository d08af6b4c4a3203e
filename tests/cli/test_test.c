// SPDX-License-Identifier: MIT
/* skep test: what it says of tests that pass, fail in each way, and cannot run. */
#include "cli/run.h"
#include "kernel/support.h"

#include <stdlib.h>

static const char *fixture(void)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/cli_tests.%s.o", getenv("SKEP_FIXTURES"),
		 __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? "el" : "eb");
	return path;
}

static void test_runs_each_test_on_a_fresh_object(void **state)
{
	struct run_result r;

	(void)state;
	NEED_BPF();
	for (const char *const *name =
		     (const char *const[]){ "calls_are_counted", "another_begins_anew",
					    "packets_can_be_read", "arguments_are_64_bits", NULL };
	     *name; name++) {
		RUN(&r, "skep", "test", fixture(), "-f", *name);
		assert_run(&r, r.status == 0 && count_lines(r.out) == 2 && !r.err_len);
		assert_run(&r, strstr(r.out, "ok    ") == r.out && strstr(r.out, *name));
		assert_run(&r, strstr(r.out, "1 tests: 1 passed, 0 failed, 0 skipped\n"));
		run_free(&r);
	}
}

static void test_failures_name_line_text_and_values(void **state)
{
	struct run_result r;

	(void)state;
	NEED_BPF();
	RUN(&r, "skep", "test", fixture(), "-f", "fails_in_each_way");
	assert_run(&r, r.status == 1 && !r.err_len);
	assert_run(&r, strstr(r.out, "cli_tests.bpf.c:103: EXPECT_EQ(ctx->data_end - ctx->data, 60)"
				     ": left is 64 (0x40), right is 60 (0x3c)\n"));
	assert_run(&r,
		   strstr(r.out, "cli_tests.bpf.c:104") && strstr(r.out, "left is -3, right is 4"));
	assert_run(&r, strstr(r.out, "cli_tests.bpf.c:105: EXPECT(!ctx->data)\n"));
	assert_run(&r,
		   strstr(r.out, "cli_tests.bpf.c:106") && !strstr(r.out, "cli_tests.bpf.c:107"));
	run_free(&r);
	RUN(&r, "skep", "test", fixture(), "-f", "checks_nothing");
	assert_run(&r, r.status == 1 && strstr(r.out, "it checks nothing"));
	run_free(&r);
	RUN(&r, "skep", "test", fixture(), "-f", "expects_a_record");
	assert_run(&r, r.status == 1 && strstr(r.out, "events: 0 records came, not 1"));
	run_free(&r);
	RUN(&r, "skep", "test", fixture(), "-f", "is_refused");
	assert_run(&r, r.status == 1 && strstr(r.out, "beyond the packet's end"));
	run_free(&r);
	RUN(&r, "skep", "test", fixture(), "-f", "cannot_be_run");
	assert_run(&r, r.status == 0 && strstr(r.out, "skip  cannot_be_run") &&
			       strstr(r.out, "cannot be run by hand"));
	run_free(&r);
}

static void test_writes_tap_and_junit(void **state)
{
	char path[] = "/tmp/skep-test-junit-XXXXXX", where[64];
	int fd = mkstemp(path);
	char text[8192] = "";
	struct run_result r;

	(void)state;
	NEED_BPF();
	RUN(&r, "skep", "test", fixture(), "-o", "tap");
	assert_run(&r, r.status == 1 &&
			       strstr(r.out,
				      "TAP version 13\n1..9\nok 1 - calls_are_counted\n  ---\n"));
	assert_run(&r, strstr(r.out, "\nnot ok 5 - fails_in_each_way\n  ---\n") &&
			       strstr(r.out, "\n  ...\n# cli_tests.bpf.c:103: "));
	assert_run(&r, strstr(r.out, "\nok 9 - cannot_be_run # SKIP load: "));
	run_free(&r);
	snprintf(where, sizeof(where), "junit:%s", path);
	RUN(&r, "skep", "test", fixture(), "-o", where);
	assert_run(&r, r.status == 1 && !r.out_len);
	run_free(&r);
	assert_true(read(fd, text, sizeof(text) - 1) > 0);
	assert_non_null(
		strstr(text, "tests=\"9\" failures=\"4\" errors=\"0\" skipped=\"1\" time=\"0."));
	assert_non_null(strstr(text, "name=\"calls_are_counted\" time=\"0."));
	assert_non_null(strstr(text, "ctx-&gt;data"));
	assert_non_null(strstr(text, "</testsuite>\n"));
	close(fd);
	unlink(path);
}

static void test_lines_that_are_logged_are_compared(void **state)
{
	const char *path = fixture_path(
		__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? "cli_logs.el.o" : "cli_logs.eb.o");
	struct run_result r;

	(void)state;
	NEED_BPF();
	RUN(&r, "skep", "test", path);
	assert_run(&r, r.status == 1 && strstr(r.out, "4 tests: 2 passed, 2 failed, 0 skipped\n"));
	assert_run(&r, strstr(r.out, "ok    lines_are_as_wanted\n") &&
			       strstr(r.out, "ok    silence_is_wanted\n"));
	assert_run(&r,
		   strstr(r.out, "FAIL  others_are_told\n"
				 "      log line 2 is 'warn: too short', not 'info: too short'\n"
				 "      log: 2 lines came, not 3\n"));
	assert_run(&r, strstr(r.out, "      logged: info: a packet of 64 bytes\n"));
	run_free(&r);
}

static void test_compiles_a_source(void **state)
{
	char path[512];
	struct run_result r;

	(void)state;
	NEED_BPF();
	snprintf(path, sizeof(path), "%s/examples/test/drop.test.bpf.c", getenv("SKEP_SOURCE"));
	RUN(&r, "skep", "test", path);
	assert_run(&r, r.status == 0 && strstr(r.out, "2 tests: 2 passed, 0 failed, 0 skipped\n"));
	run_free(&r);
	RUN(&r, "skep", "test", path, "--list");
	assert_run(&r, r.status == 0 && !strcmp(r.out, "short_packets_are_dropped\nothers_pass\n"));
	run_free(&r);
}

static void test_tells_which_lines_were_run(void **state)
{
	char source[512], path[] = "/tmp/skep-test-lcov-XXXXXX", text[4096] = "";
	int fd = mkstemp(path);
	struct run_result r;

	(void)state;
	NEED_BPF();
	snprintf(source, sizeof(source), "%s/examples/test/drop.test.bpf.c", getenv("SKEP_SOURCE"));
	RUN(&r, "skep", "test", source, "--coverage");
	assert_run(&r, r.status == 0 && !strncmp(r.err, "drop.bpf.c: ", 12));
	assert_run(&r, strstr(r.err, " lines (100%)\n") && count_lines(r.err) == 1);
	run_free(&r);
	/* The packet is long enough: what is done with short ones is not run. */
	RUN(&r, "skep", "test", source, "--coverage", "--lcov", path, "-f", "others_pass");
	assert_run(&r, r.status == 0 && strstr(r.err, "(33%), not 12, 25-30\n"));
	run_free(&r);
	assert_true(read(fd, text, sizeof(text) - 1) > 0);
	assert_non_null(strstr(text, "drop.bpf.c\n"));
	assert_non_null(strstr(text, "\nDA:25,0\n"));
	assert_non_null(strstr(text, "\nLF:6\nLH:2\nend_of_record\n"));
	RUN(&r, "skep", "test", fixture(), "--coverage");
	assert_run(&r, r.status == 2 && strstr(r.err, "does not count which lines are run"));
	run_free(&r);
	close(fd);
	unlink(path);
}

static void test_says_what_is_wrong_with_its_arguments(void **state)
{
	const struct {
		const char *argv[6];
		const char *says;
		int status;
	} cases[] = {
		{ { "skep", "test" }, "no file is given", 2 },
		{ { "skep", "test", "a.o", "b.o" }, "one file at a time, not also 'b.o'", 2 },
		{ { "skep", "test", "nowhere.o" }, "nowhere.o", 1 },
		{ { "skep", "test", "nowhere.bpf.c" }, "nowhere.bpf.c", 1 },
		{ { "skep", "test", fixture(), "-f", "nothing*" },
		  "no test that matches nothing*",
		  2 },
		{ { "skep", "test", "a.o", "--object", "b.o" }, "a.o is tested itself", 2 },
		{ { "skep", "test", fixture(), "-o", "xml" }, "allowed: text, tap, junit", 2 },
		{ { "skep", "test", fixture(), "-o", "tap:" }, "--output does not know 'tap:'", 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct run_result r;

		run(&r, NULL, cases[i].argv);
		assert_run(&r, r.status == cases[i].status && !r.out_len);
		assert_run(&r, strstr(r.err, cases[i].says));
		run_free(&r);
	}
}

static void test_runs_in_a_machine(void **state)
{
	struct run_result r;
	char runner[512];

	(void)state;
	NEED(!getenv("SKEP_VM"), "this is a virtual machine already");
	snprintf(runner, sizeof(runner), "%s/vm/run", getenv("SKEP_SOURCE"));
	setenv("SKEP_VM", runner, 1);
	RUN_OPTS(&r, (&(struct run_opts){ .timeout_ms = 300000 }), "skep", "test", fixture(), "-k",
		 "6.12", "-f", "*a*");
	assert_run(&r, r.status == 1 && strstr(r.out, "ok    calls_are_counted (6.12)\n"));
	assert_run(&r,
		   strstr(r.out, "FAIL  fails_in_each_way (6.12)\n      cli_tests.bpf.c:103: "));
	assert_run(&r, strstr(r.out, "skip  cannot_be_run (6.12)\n"));
	run_free(&r);
	RUN(&r, "skep", "test", fixture(), "-k", "1.2.3");
	assert_run(&r, r.status == 1 && strstr(r.err, "kernel 1.2.3 ran no tests"));
	run_free(&r);
	setenv("SKEP_VM", "/nowhere", 1);
	RUN(&r, "skep", "test", fixture(), "-k", "6.12");
	assert_run(&r, r.status == 2 && strstr(r.err, "there is no vm/run"));
	run_free(&r);
	unsetenv("SKEP_VM");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_runs_each_test_on_a_fresh_object),
		cmocka_unit_test(test_failures_name_line_text_and_values),
		cmocka_unit_test(test_writes_tap_and_junit),
		cmocka_unit_test(test_lines_that_are_logged_are_compared),
		cmocka_unit_test(test_compiles_a_source),
		cmocka_unit_test(test_tells_which_lines_were_run),
		cmocka_unit_test(test_says_what_is_wrong_with_its_arguments),
		cmocka_unit_test(test_runs_in_a_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
