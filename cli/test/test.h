/* SPDX-License-Identifier: MIT */
/* What the parts of `skep test` share: tests as they are found in an object, and their results. */
#ifndef SKEP_CLI_TEST_TEST_H
#define SKEP_CLI_TEST_TEST_H

#include <skep/skep.h>

#include "base/vec.h"

enum test_status { TEST_PASSED, TEST_FAILED, TEST_SKIPPED };

struct test_result {
	char *name;
	const struct skep_spec *spec; /* of the file; NULL: run elsewhere */
	const char *kernel;	      /* the machine's name in vm/kernels; "": the running kernel */
	enum test_status status;
	struct skep_text message; /* lines: what failed, or why it was skipped */
	uint64_t ns;
	uint32_t n_checks;
};

struct test_results {
	struct skep_vec(struct test_result) items;
	size_t count[3]; /* by status */
};

struct test_result *test_results_add(struct test_results *results, const char *name,
				     const char *kernel);
void test_results_free(struct test_results *results);

/* The names that skep/bpf/test.h gives to what belongs to a test. */
#define TEST_PACKET  "__packet"
#define TEST_CONTEXT "__context"
#define TEST_LOG     "__log"
#define TEST_RECORD  "__record__"
#define TEST_RECORDS "__records__"

/* The variable skep_test_report, as skep/bpf/test.h lays it out. */
struct test_failure {
	uint32_t line;
	uint32_t flags; /* 1: left is signed, 2: right is, 4: there are no values */
	uint64_t left, right;
};

#define TEST_MAX_FAILURES 16

struct test_report {
	uint32_t n_failures; /* of which TEST_MAX_FAILURES are told */
	uint32_t n_checks;
	uint32_t record;
	uint32_t spare_;
	struct test_failure failures[TEST_MAX_FAILURES];
};

/* Its memory in a loaded object; NULL if there is none, or of another layout. */
struct test_report *test_report_of(const struct skep_object *object);

/*
 * Moves what @program has reported into @result: the failures as lines such as
 * "drop.test.bpf.c:31: EXPECT_EQ(drop(ctx), XDP_DROP): 2, not 1".
 */
void test_explain(const struct skep_program *program, struct test_report *report,
		  struct test_result *result);

/* A test's program, by its decl tag; NULL for one that is none. */
bool test_is_test(const struct skep_spec *spec, const struct skep_program_spec *program);

/* Prepares a spec, once, for being tested: nothing of it is loaded, pinned or attached by itself.
 */
void test_prepare(struct skep_spec *spec);

struct coverage;

/*
 * Runs one test on a freshly loaded object, and adds the lines that it has run to @coverage, which
 * may be NULL. Negative only if no test can run: EPERM, ENOMEM.
 */
int test_execute(struct skep_spec *spec, struct skep_program_spec *test, struct coverage *coverage,
		 struct test_result *result, struct skep_error *err);

/* The parts that both kinds of tests are made of. */

uint64_t test_now_ns(void);

/* Sets what is loaded: @test, what looks at its records, and the targets of tail calls. */
void test_choose_programs(struct skep_spec *spec, const struct skep_program_spec *test);

/* Loads the object, and finds the program in it; on failure *@object may be there all the same. */
int test_load(struct skep_spec *spec, const char *name, struct skep_object **object,
	      struct skep_program **program, struct skep_error *err);

/* 64 zero bytes for a program of a type that takes packets, if no packet is given. */
void test_default_packet(uint32_t type, struct skep_program_run *how);

/*
 * Says in @result why a test could not run: it failed, or is skipped if the kernel lacks something.
 * Negative for what concerns all tests: rights, memory, wrong use.
 */
int test_could_not_run(struct test_result *result, const struct skep_error *why);

/*
 * Whether skep_ring_open() failed since the map is none that carries records, which is a mistake of
 * the test: the kernel has made it, and so lacks nothing.
 */
bool test_is_no_channel(const struct skep_error *why);

/* A test that has checked nothing fails. */
void test_needs_checks(struct test_result *result);

/* The path as a machine sees it, where nobody is in this folder; to be freed. NULL: no memory. */
char *test_absolute(const char *path);

/* What a machine needs to have. */
struct test_files {
	const char *object;
	char **taken; /* NULL-terminated: the tests' description, captures; NULL: there is none */
};

/* A list without names would run no tests, which looks as if all had passed: -EINVAL. */
int test_check_kernels(const char *kernels, struct skep_error *err);

/* Set for the command that runs in a virtual machine: its results go to the one outside. */
#define TEST_IN_MACHINE "SKEP_TEST_IN_MACHINE"

/*
 * Runs the tests in a virtual machine with @kernel, by this same command, and adds the lines that
 * they have run there to @coverage, which may be NULL.
 */
int test_in_machine(const struct test_files *files, const char *kernel, const char *filter,
		    struct test_results *results, struct coverage *coverage,
		    struct skep_error *err);

/* A description of what was found, in one of the formats. */
void test_write_text(struct skep_text *out, const struct test_result *result);
void test_write_text_end(struct skep_text *out, const struct test_results *results);
#define TEST_TAP_DURATION "  duration_ms: "
void test_write_tap(struct skep_text *out, const struct test_results *results);
void test_write_junit(struct skep_text *out, const char *suite, const struct test_results *results);

#endif
