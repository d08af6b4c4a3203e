// SPDX-License-Identifier: MIT
/* skep doctor as a user sees it. */
#include "cli/run.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void doctor_says_what_the_machine_can_do(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "skep", "doctor");
	assert_run(&r, r.status == 0 && !*r.err);
	assert_run(&r, strstr(r.out, "good     kernel    version: Linux ") == r.out);
	assert_run(&r, strstr(r.out, "good     rights    capabilities: the process has CAP_BPF"));
	assert_run(&r,
		   strstr(r.out, "   tools     clang: ") && strstr(r.out, "   tools     qemu: "));
	assert_run(&r, strstr(r.out, "\n\nprograms can be loaded, of ") != NULL);
	run_free(&r);
}

static void doctor_leaves_out_what_is_good(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "skep", "doctor", "--brief");
	assert_run(&r, r.status == 0 && !strstr(r.out, "good     "));
	assert_run(&r, strstr(r.out, "programs can be loaded, of ") != NULL);
	run_free(&r);
}

static void doctor_tells_machines_the_same(void **state)
{
	struct run_opts opts = { 0 };
	struct run_result r, jq;

	(void)state;
	RUN(&r, "skep", "doctor", "--json");
	assert_run(&r, r.status == 0);
	opts.input = r.out;
	RUN_OPTS(
		&jq, &opts, "jq", "-r",
		".can_load, (.findings | length > 20), (.findings[] | select(.name == \"version\") | "
		".state), ([.findings[] | select(.state != \"good\" and .state != \"note\" and "
		".state != \"missing\" and .state != \"unknown\")] | length)");
	assert_run(&jq, jq.status == 0 && !strcmp(jq.out, "true\ntrue\ngood\n0\n"));
	run_free(&jq);
	run_free(&r);
}

/* What is found for another user is that user's: the exit code tells if programs can be loaded. */
static void doctor_works_without_rights(void **state)
{
	const struct run_opts opts = { .uid = 65534 };
	struct run_result r;

	(void)state;
	RUN_OPTS(&r, &opts, "skep", "doctor");
	assert_run(&r, strstr(r.out, "missing  rights    CAP_BPF: the process lacks CAP_BPF"));
	assert_run(&r, strstr(r.out, "what to do: run as root, or give it") != NULL);
	if (strstr(r.out, "unprivileged_bpf_disabled: it is 0"))
		assert_run(&r, r.status == 0);
	else
		assert_run(&r, r.status == 3 && strstr(r.out, "\nno programs can be loaded: "));
	run_free(&r);
}

/* With rights and without: what is not good has something that can be done about it. */
static void doctor_has_a_fix_for_all_that_is_not_good(void **state)
{
	static const uid_t users[] = { 0, 65534 };

	(void)state;
	for (size_t i = 0; i < sizeof(users) / sizeof(users[0]); i++) {
		struct run_opts opts = { .uid = users[i] };
		struct run_result r, jq;

		RUN_OPTS(&r, &opts, "skep", "doctor", "--json");
		opts = (struct run_opts){ .input = r.out };
		RUN_OPTS(&jq, &opts, "jq", "-r",
			 ".findings[] | select(.state != \"good\" and (.fix | not)) | .name");
		assert_run(&jq, jq.status == 0 && !jq.out_len);
		run_free(&jq);
		run_free(&r);
	}
}

/* A compiler that is there and does not work says why itself. */
static void doctor_tells_what_the_compiler_says(void **state)
{
	char path[] = "/tmp/skep-doctor-XXXXXX", source[512];
	static const char script[] = "#!/bin/sh\n[ $1 = --version ] && echo a compiler && exit\n"
				     "echo no room for it >&2\nexit 1\n";
	int fd = mkstemp(path);
	struct run_result r;

	(void)state;
	assert_true(fd >= 0 && write(fd, script, strlen(script)) == (ssize_t)strlen(script));
	assert_int_equal(fchmod(fd, 0700), 0);
	close(fd);
	setenv("SKEP_CLANG", path, 1);
	RUN(&r, "skep", "doctor");
	assert_run(&r, strstr(r.out, "does not compile for eBPF: a compiler: no room for it\n"));
	run_free(&r);
	unlink(path);
	snprintf(source, sizeof(source), "%s/examples/test/drop.test.bpf.c", getenv("SKEP_SOURCE"));
	RUN(&r, "skep", "test", source);
	assert_run(&r, r.status == 1 && strstr(r.err, "SKEP_CLANG is '/tmp/skep-doctor-"));
	run_free(&r);
	unsetenv("SKEP_CLANG");
}

static void doctor_takes_no_words(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "skep", "doctor", "who");
	assert_run(&r, r.status == 2 && strstr(r.err, "usage: "));
	run_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(doctor_says_what_the_machine_can_do),
		cmocka_unit_test(doctor_leaves_out_what_is_good),
		cmocka_unit_test(doctor_tells_machines_the_same),
		cmocka_unit_test(doctor_works_without_rights),
		cmocka_unit_test(doctor_has_a_fix_for_all_that_is_not_good),
		cmocka_unit_test(doctor_tells_what_the_compiler_says),
		cmocka_unit_test(doctor_takes_no_words),
	};

	return cmocka_run_group_tests_name("cli_doctor", tests, NULL, NULL);
}
