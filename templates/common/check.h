/* SPDX-License-Identifier: MIT */
/* The least that a test needs: what must be so, and how it ended. */
#include <errno.h>
#include <stdio.h>
#include <skep/error.h>

#define CHECK(condition) check(condition, #condition, __LINE__)

static int check_failed;

static inline int check(int is_so, const char *text, int line)
{
	if (!is_so) {
		fprintf(stderr, "line %d: not so: %s\n", line, text);
		check_failed = 1;
	}
	return is_so;
}

/* The exit code. What the kernel lacks or does not allow is no failure, but 77. */
static inline int check_end(const struct skep_error *err)
{
	if (err->code)
		skep_error_print(err, stderr);
	if (err->code == EPERM || err->code == ENOTSUP || err->code == ENOSYS) {
		puts("skipped");
		return 77;
	}
	puts(err->code || check_failed ? "failed" : "passed");
	return err->code || check_failed;
}
