/* SPDX-License-Identifier: MIT */
/* The lines that a test logged with skep/bpf/log.h. */
#ifndef SKEP_CLI_TEST_LOGS_H
#define SKEP_CLI_TEST_LOGS_H

#include <skep/log.h>

#include "cli/test/test.h"

struct test_log {
	struct skep_log *log;	/* NULL: nothing in the object logs */
	struct skep_text lines; /* "info: connect 10.0.0.1:80\n", escaped */
	size_t n;
};

/* Before the test runs. */
int test_log_open(struct test_log *log, const struct skep_object *object, struct skep_error *err);

/* Takes what has been logged. */
void test_log_drain(struct test_log *log);

/*
 * Whether the lines are those that are wanted: all of them, in their order. Each is a pattern (* ?)
 * for a whole line.
 */
void test_log_check(const struct test_log *log, const char *const *wanted, size_t n,
		    struct test_result *result);

/* The same with patterns that a newline separates; "": nothing is logged. */
int test_log_check_lines(const struct test_log *log, const char *wanted, size_t len,
			 struct test_result *result);

/* What was logged, if the test has failed. */
void test_log_tell(const struct test_log *log, struct test_result *result);
void test_log_close(struct test_log *log);

#endif
