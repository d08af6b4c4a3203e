// SPDX-License-Identifier: MIT
/* The command line itself. */
#include "cli/run.h"

static void usage_help_lists_every_command(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "skep", "help");
	assert_run(&r, r.status == 0 && strstr(r.out, "  gen ") && strstr(r.out, "  run ") &&
			       strstr(r.out, "  trace "));
	assert_run(&r, strstr(r.out, "exit codes"));
	run_free(&r);
	RUN(&r, "skep");
	assert_run(&r, r.status == 2 && r.out_len == 0 && strstr(r.err, "usage: skep"));
	run_free(&r);
}

static void usage_version_tells_what_is_built_in(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "skep", "--version");
	assert_run(&r, r.status == 0 && !strncmp(r.out, "skep 0.", 7) && count_lines(r.out) == 1);
	run_free(&r);
	RUN(&r, "skep", "--version", "-v");
	assert_run(&r, strstr(r.out, "\noutputs    text, jsonl, json, csv, logfmt, raw,"));
	assert_run(&r, r.status == 0 && strstr(r.out, "libc only"));
	run_free(&r);
}

static void usage_errors_name_the_argument_and_exit_2(void **state)
{
	static const struct {
		const char *argv[6];
		const char *says;
	} cases[] = {
		{ { "skep", "rnu" }, "'rnu' is not a command" },
		{ { "skep", "run" }, "no file is given" },
		{ { "skep", "run", "-x" }, "unknown option -x" },
		{ { "skep", "run", "-o", "xml", "f.o" }, "no kind of output 'xml'" },
		{ { "skep", "run", "-d", "soon", "f.o" }, "--duration cannot be 'soon'" },
		{ { "skep", "run", "-d", "-1", "f.o" }, "--duration cannot be '-1'" },
		{ { "skep", "run", "-d", "nan", "f.o" }, "--duration cannot be 'nan'" },
		{ { "skep", "run", "f.o", "-d" }, "-d needs a value: SECONDS" },
		{ { "skep", "run", "f.o", "g.o" }, "one file at a time" },
		{ { "skep", "run", "--strict=yes", "f.o" }, "--strict takes no value" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct run_result r;

		run(&r, NULL, cases[i].argv);
		assert_run(&r, r.status == 2 && r.out_len == 0);
		assert_run(&r, strstr(r.err, cases[i].says) && count_lines(r.err) == 1);
		run_free(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(usage_help_lists_every_command),
		cmocka_unit_test(usage_version_tells_what_is_built_in),
		cmocka_unit_test(usage_errors_name_the_argument_and_exit_2),
	};

	return cmocka_run_group_tests_name("cli", tests, NULL, NULL);
}
