/* SPDX-License-Identifier: MIT */
/*
 * Runs the built command as a user does. The path is in the environment variable SKEP_BIN.
 */
#ifndef SKEP_TESTS_CLI_RUN_H
#define SKEP_TESTS_CLI_RUN_H

#include "test.h"

struct run_result {
	int status;	 /* exit code; 128 + signal when it was killed; -1 when it took too long */
	char *out, *err; /* NUL-terminated */
	size_t out_len, err_len;
};

struct run_opts {
	int timeout_ms;	   /* 0: 60 s */
	const char *input; /* for stdin; NULL: /dev/null */
	int signal;	   /* sent to it after signal_after_ms */
	int signal_after_ms;
	bool close_stdout; /* started with a stdout that nobody reads */
	uid_t uid;	   /* not 0: run as this user, without capabilities */
	const char *dir;   /* working directory */
};

/* @argv is NULL-terminated; "skep" as argv[0] stands for the built command. */
void run(struct run_result *result, const struct run_opts *opts, const char *const *argv);
void run_free(struct run_result *result);

/* RUN(&r, "skep", "run", path) */
#define RUN(result, ...) run((result), NULL, (const char *const[]){ __VA_ARGS__, NULL })
#define RUN_OPTS(result, opts, ...) \
	run((result), (opts), (const char *const[]){ __VA_ARGS__, NULL })

/* Lines in @text. */
size_t count_lines(const char *text);

/* What jq makes of @json with a filter; static storage. Fails the test if it is no JSON. */
const char *jq(const char *json, const char *filter);

/* Makes a file of these bytes. Fails the test if it cannot. */
void write_file(const char *path, const void *data, size_t len);

/* Fails, with all that the command printed, unless the condition holds. */
#define assert_run(result, condition)                                                           \
	do {                                                                                    \
		if (!(condition))                                                               \
			fail_msg("%s\nstatus %d\nstdout: %.2000s\nstderr: %.2000s", #condition, \
				 (result)->status, (result)->out, (result)->err);               \
	} while (0)

#endif
