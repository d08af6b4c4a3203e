// SPDX-License-Identifier: MIT
#include "cli/test/logs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/glob.h"

#define MAX_TOLD 16

int test_log_open(struct test_log *log, const struct skep_object *object, struct skep_error *err)
{
	struct skep_error why = { 0 };

	log->log = skep_log_open(object, &why);
	if (log->log || why.code == ENOENT)
		return 0;
	*err = why;
	return -why.code;
}

static int keep_line(void *ctx, const struct skep_log_record *record)
{
	struct test_log *log = ctx;
	size_t len = record->message_len;

	while (len && record->message[len - 1] == '\n')
		len--;
	skep_text_printf(&log->lines, "%s: ", skep_log_level_name(record->level));
	skep_text_escaped(&log->lines, record->message, len);
	skep_text_char(&log->lines, '\n');
	log->n++;
	return 0;
}

void test_log_drain(struct test_log *log)
{
	if (log->log)
		skep_log_consume(log->log, 0, keep_line, log);
}

/* The line at *@at as a string, and *@at behind it. NULL: there is none, or no memory. */
static char *next_line(const char **at, const char *end)
{
	const char *begin = *at, *newline;

	if (begin >= end)
		return NULL;
	newline = memchr(begin, '\n', (size_t)(end - begin));
	*at = newline ? newline + 1 : end;
	return strndup(begin, (size_t)((newline ?: end) - begin));
}

void test_log_check(const struct test_log *log, const char *const *wanted, size_t n,
		    struct test_result *result)
{
	const char *at = log->lines.data, *end = at + log->lines.len;

	result->n_checks++;
	for (size_t i = 0; i < n && i < log->n; i++) {
		SKEP_SCOPED(skep_scoped_free) char *line = next_line(&at, end);

		if (!line || skep_glob_matches(wanted[i], line))
			continue;
		result->status = TEST_FAILED;
		skep_text_printf(&result->message, "log line %zu is '%s', not '", i + 1, line);
		skep_text_escaped(&result->message, wanted[i], strlen(wanted[i]));
		skep_text_lit(&result->message, "'\n");
	}
	if (n == log->n)
		return;
	result->status = TEST_FAILED;
	skep_text_printf(&result->message, "log: %zu lines came, not %zu\n", log->n, n);
}

int test_log_check_lines(const struct test_log *log, const char *wanted, size_t len,
			 struct test_result *result)
{
	struct skep_vec(char *) lines = { 0 };
	const char *at = wanted, *end = wanted + strnlen(wanted, len);
	bool failed = false;

	while (!failed && at < end) {
		char **line = skep_vec_push(&lines);

		if (line)
			*line = next_line(&at, end);
		failed = !line || !*line;
	}
	if (!failed)
		test_log_check(log, (const char *const *)lines.items, lines.len, result);
	skep_vec_for_each(&lines, line)
		free(*line);
	skep_vec_free(&lines);
	return failed ? -ENOMEM : 0;
}

void test_log_tell(const struct test_log *log, struct test_result *result)
{
	const char *at = log->lines.data, *end = at + log->lines.len;

	if (result->status != TEST_FAILED)
		return;
	for (size_t i = 0; i < log->n && i < MAX_TOLD; i++) {
		SKEP_SCOPED(skep_scoped_free) char *line = next_line(&at, end);

		skep_text_printf(&result->message, "logged: %s\n", line ?: "");
	}
	if (log->n > MAX_TOLD)
		skep_text_printf(&result->message, "and %zu lines more\n", log->n - MAX_TOLD);
}

void test_log_close(struct test_log *log)
{
	skep_log_close(log->log);
	skep_text_free(&log->lines);
}
