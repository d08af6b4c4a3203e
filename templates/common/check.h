/* SPDX-License-Identifier: MIT */
/*
 * The least that a test needs: what must be so, and how it ended. Who includes it writes test(),
 * which is given the program, opened and not yet loaded.
 */
#include <errno.h>
#include <stdio.h>

#include "PROJECT.skel.h"

#define CHECK(condition) check(condition, #condition, __LINE__)

static int check_failed;

void test(struct PROJECT_bpf *skel, struct skep_error *err);

static inline int check(int is_so, const char *text, int line)
{
	if (!is_so) {
		fprintf(stderr, "line %d: not so: %s\n", line, text);
		check_failed = 1;
	}
	return is_so;
}

/* What the kernel lacks or does not allow is no failure, but 77. */
int main(void)
{
	struct skep_error err = { 0 };
	struct PROJECT_bpf *skel = PROJECT_bpf_open(NULL, &err);

	if (skel)
		test(skel, &err);
	PROJECT_bpf_close(skel);
	if (err.code)
		skep_error_print(&err, stderr);
	if (err.code == EPERM || err.code == ENOTSUP || err.code == ENOSYS) {
		puts("skipped");
		return 77;
	}
	puts(err.code || check_failed ? "failed" : "passed");
	return err.code || check_failed;
}
