/* SPDX-License-Identifier: MIT */
/* What every test file starts with: cmocka and the few helpers shared by all areas. */
#ifndef SKEP_TESTS_TEST_H
#define SKEP_TESTS_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <skep/error.h>

/*
 * Runs the tests of a group that $SKEP_TESTS chooses: where "AREA/EXECUTABLE" contains it all of
 * them, otherwise those whose "AREA/TEST" does. tests/run -k sets it; without it all are run.
 */
int run_chosen_tests(const char *group, const struct CMUnitTest *tests, size_t n,
		     CMFixtureFunction setup, CMFixtureFunction teardown);

#undef cmocka_run_group_tests_name
#define cmocka_run_group_tests_name(group, tests, setup, teardown) \
	run_chosen_tests(group, tests, sizeof(tests) / sizeof((tests)[0]), setup, teardown)
#undef cmocka_run_group_tests
#define cmocka_run_group_tests(tests, setup, teardown) \
	cmocka_run_group_tests_name("tests", tests, setup, teardown)

/* Ends the test as skipped, with the reason where the runner finds it. */
#define SKIP_TEST(...)                                  \
	do {                                            \
		fprintf(stderr, "SKIP %s: ", __func__); \
		fprintf(stderr, __VA_ARGS__);           \
		fputc('\n', stderr);                    \
		skip();                                 \
	} while (0)

/* The same unless @condition holds. Macros NEED_THING() are made of it. */
#define NEED(condition, ...)                    \
	do {                                    \
		if (!(condition))               \
			SKIP_TEST(__VA_ARGS__); \
	} while (0)

/* Fails the test with the error's whole text when @ok is false. */
#define assert_ok(ok, err)                                              \
	do {                                                            \
		if (!(ok)) {                                            \
			char text_[4096];                               \
			skep_error_format((err), text_, sizeof(text_)); \
			fail_msg("%s: %s", #ok, text_);                 \
		}                                                       \
	} while (0)

/* True when the whole message of @err contains @part. */
static inline int error_says(const struct skep_error *err, const char *part)
{
	char text[4096];

	skep_error_format(err, text, sizeof(text));
	return strstr(text, part) != NULL;
}

#define assert_error_says(err, part)                                             \
	do {                                                                     \
		if (!error_says((err), (part))) {                                \
			char text_[4096];                                        \
			skep_error_format((err), text_, sizeof(text_));          \
			fail_msg("the message lacks \"%s\": %s", (part), text_); \
		}                                                                \
	} while (0)

/* The path of a compiled fixture: fixture_path("globals.el.o"). Static storage, one at a time. */
static inline const char *fixture_path(const char *name)
{
	static char path[4096];
	const char *dir = getenv("SKEP_FIXTURES");

	snprintf(path, sizeof(path), "%s/%s", dir ? dir : "fixtures", name);
	return path;
}

#endif
