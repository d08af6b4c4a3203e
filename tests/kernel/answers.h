/* SPDX-License-Identifier: MIT */
#ifndef SKEP_TESTS_KERNEL_ANSWERS_H
#define SKEP_TESTS_KERNEL_ANSWERS_H

#include "kernel/support.h"

/* Fails with the reason, which @call has as `why`, when the answer is another one. */
#define assert_answer(expected, call, what)                                                \
	do {                                                                               \
		struct skep_probe why = { .size = sizeof(why) };                           \
		enum skep_answer answer_ = (call);                                         \
		if (answer_ != (expected))                                                 \
			fail_msg("%s: answer %d, not %d: %s", (what), answer_, (expected), \
				 why.reason);                                              \
	} while (0)

#endif
