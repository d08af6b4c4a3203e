/* SPDX-License-Identifier: MIT */
/* Programs that the verifier must refuse, in words that tests ask for. */
#ifndef SKEP_TESTS_KERNEL_REFUSAL_SUPPORT_H
#define SKEP_TESTS_KERNEL_REFUSAL_SUPPORT_H

#include "kernel/support.h"

/* Loads one program alone, which must be refused. */
struct skep_error refuse(const char *fixture, const char *program);

enum { NO_LINE, MARKED };

/*
 * The file, the reason, and the quoted source line: where one line is to blame it has the comment
 * "refused here". Of @words, alternatives with '|' between them, the message must have one.
 */
void refused_with(const char *fixture, const char *program, int marked, const char *words);

/* Of a list X(name of the test, fixture, program, MARKED or NO_LINE, words): tests, and their
 * table. */
#define REFUSAL_TEST(name, fixture, program, marked, words)      \
	static void name(void **state)                           \
	{                                                        \
		(void)state;                                     \
		NEED_BPF();                                      \
		refused_with(#fixture, #program, marked, words); \
	}
#define REFUSAL_LISTED(name, fixture, program, marked, words) cmocka_unit_test(name),

#endif
