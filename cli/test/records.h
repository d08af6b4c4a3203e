/* SPDX-License-Identifier: MIT */
/* The records that a test sent, and the programs that look at them. */
#ifndef SKEP_CLI_TEST_RECORDS_H
#define SKEP_CLI_TEST_RECORDS_H

#include <skep/ring.h>

#include "cli/test/test.h"

/* A channel that the test says something about. */
struct test_channel {
	const char *name; /* in the spec's strings */
	struct skep_ring *ring;
	struct skep_program *checker; /* looks at each record; NULL: they are only counted */
	int64_t expected;	      /* -1: any number */
	uint32_t n;		      /* that came */
	struct test_report *report;
	struct test_result *result;
};

struct test_records {
	struct skep_vec(struct test_channel) channels;
};

/* Before the test runs. */
int test_records_open(struct test_records *records, const struct skep_object *object,
		      const struct skep_program *test, struct skep_error *err);

/* After it has run. */
void test_records_check(struct test_records *records, struct test_report *report,
			struct test_result *result);
void test_records_close(struct test_records *records);

#endif
