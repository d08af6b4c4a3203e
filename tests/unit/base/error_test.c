// SPDX-License-Identifier: MIT
#include "test.h"

#include "base/error.h"

static struct skep_error refusal(void)
{
	struct skep_error err = { 0 };

	skep_error_set(&err, SKEP_STAGE_LOAD, EACCES, "R%d may be NULL here", 1);
	skep_error_add_subject(&err, "program '%s' (%s)", "trace_open", "kprobe/do_sys_openat2");
	skep_error_add_what(&err, "refused by the verifier");
	skep_error_add_source(&err, "open.bpf.c:%d", 41);
	skep_error_add_hint(&err, "check the result of bpf_map_lookup_elem");
	return err;
}

static void error_reads_as_one_sentence(void **state)
{
	struct skep_error err = refusal();
	char text[512];
	size_t len;

	(void)state;
	len = skep_error_format(&err, text, sizeof(text));
	assert_string_equal(text,
			    "load: program 'trace_open' (kprobe/do_sys_openat2) refused by the "
			    "verifier at open.bpf.c:41: R1 may be NULL here; check the result "
			    "of bpf_map_lookup_elem");
	assert_int_equal(len, strlen(text));
	assert_int_equal(skep_error_format(&err, text, 10), len);
	assert_string_equal(text, "load: pro");
	assert_int_equal(skep_error_format(&err, NULL, 0), len);
}

static void error_keeps_the_innermost_words(void **state)
{
	struct skep_error err = refusal();
	char text[512];

	(void)state;
	skep_error_add_subject(&err, "the outer caller's guess");
	skep_error_add_object(&err, "open.bpf.o");
	skep_error_format(&err, text, sizeof(text));
	assert_non_null(strstr(text, "load: open.bpf.o: program 'trace_open'"));
	assert_int_equal(skep_error_set(&err, SKEP_STAGE_READ, -EINVAL, "anew"), -EINVAL);
	skep_error_format(&err, text, sizeof(text));
	assert_string_equal(text, "read: anew");
}

static void error_escapes_control_characters(void **state)
{
	struct skep_error err = { 0 };
	char text[512];

	(void)state;
	skep_error_set(&err, SKEP_STAGE_READ, EINVAL, "section '\033[31m' is damaged");
	skep_error_format(&err, text, sizeof(text));
	assert_string_equal(text, "read: section '\\x1b[31m' is damaged");
}

static void error_as_json_names_the_errno(void **state)
{
	struct skep_error err = { 0 };
	char text[512];

	(void)state;
	skep_error_set_errno(&err, SKEP_STAGE_ATTACH, ENOENT, "no \"such\" hook");
	skep_error_json(&err, text, sizeof(text));
	assert_string_equal(text, "{\"stage\":\"attach\",\"errno\":\"ENOENT\",\"cause\":\"no "
				  "\\\"such\\\" hook: No such file or directory\"}");
	assert_string_equal(skep_errno_name(-524), "ENOTSUPP");
	assert_string_equal(skep_errno_name(99999), "E?");
}

static void error_log_keeps_the_last_lines(void **state)
{
	struct skep_error err = { 0 };
	char *log = malloc(100000);
	size_t len = 0;

	(void)state;
	for (int i = 0; i < 5000; i++)
		len += sprintf(log + len, "line %d\n", i);
	skep_error_set(&err, SKEP_STAGE_LOAD, EACCES, "refused");
	skep_error_add_log(&err, log, len);
	assert_non_null(strstr(err.log, "line 4999\n"));
	assert_memory_equal(err.log, "line ", 5);
	assert_true(strlen(err.log) > sizeof(err.log) - 32);
	free(log);
}

static void error_functions_take_null(void **state)
{
	(void)state;
	assert_int_equal(skep_error_set(NULL, SKEP_STAGE_READ, EINVAL, "x"), -EINVAL);
	assert_int_equal(skep_error_nomem(NULL, SKEP_STAGE_READ), -ENOMEM);
	skep_error_add_subject(NULL, "x");
	skep_error_add_log(NULL, "x", 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(error_reads_as_one_sentence),
		cmocka_unit_test(error_keeps_the_innermost_words),
		cmocka_unit_test(error_escapes_control_characters),
		cmocka_unit_test(error_as_json_names_the_errno),
		cmocka_unit_test(error_log_keeps_the_last_lines),
		cmocka_unit_test(error_functions_take_null),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
