/* SPDX-License-Identifier: MIT */
/* From the file that the user named to the object that all kernels test. */
#ifndef SKEP_CLI_TEST_COMPILE_H
#define SKEP_CLI_TEST_COMPILE_H

#include <skep/error.h>

struct test_object {
	const char *path; /* of the object: the file itself, or `made` */
	char folder[256]; /* what was made, in $TMPDIR or /tmp; "": nothing */
	char made[272], code[272];
};

/* Compiles a C source, with flags that tell which lines were run if @counts_lines. */
int test_compile(struct test_object *object, const char *file, bool counts_lines,
		 struct skep_error *err);
void test_object_remove(struct test_object *object);

#endif
