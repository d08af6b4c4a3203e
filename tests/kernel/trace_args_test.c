// SPDX-License-Identifier: MIT
/* Arguments: what could be read is right, what could not is marked. */
#include "kernel/trace_support.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

static void trace_reads_paths_on_pages_that_nobody_has_touched(void **state)
{
	struct traced t;

	(void)state;
	NEED_TRACE();
	NEED_NO_VALGRIND("pidfd_open(2)");
	trace_mode(&t, "cold_path");
	assert_complete(&t);
	assert_lines(&t, 200, CALL("openat"), PATH("/nonexistent/cold"));
	traced_free(&t);
}

static void trace_marks_paths_that_cannot_be_read(void **state)
{
	struct traced t;

	(void)state;
	NEED_TRACE();
	NEED_NO_VALGRIND("pidfd_open(2)");
	trace_mode(&t, "odd_arguments");
	assert_complete(&t);
	assert_lines(&t, 1, CALL("openat"), "\"filename\":{\"unreadable\":\"0x10\"}",
		     ERROR("EFAULT"));
	assert_lines(&t, 1, CALL("openat"), "\"filename\":null", ERROR("EFAULT"));
	assert_lines(&t, 3, CALL("openat"), ERROR("EFAULT"));
	traced_free(&t);
}

static void trace_reads_odd_strings_as_they_are(void **state)
{
	char path[4096 + 16];
	struct traced t;

	(void)state;
	NEED_TRACE();
	NEED_NO_VALGRIND("pidfd_open(2)");
	trace_mode(&t, "odd_arguments");
	assert_complete(&t);
	/* As much of a path as the kernel takes. */
	snprintf(path, sizeof(path), "\"path\":\"%0*d\"", 4095, 0);
	memset(path + 8, 'y', 4095);
	assert_lines(&t, 1, path, ERROR("ENAMETOOLONG"));
	assert_lines(&t, 1, PATH("/nonexistent/\\\"\\n\\u0001\xef\xbf\xbd"), ERROR("ENOENT"));
	assert_lines(&t, 1, CALL("openat"), PATH(""), ERROR("ENOENT"));
	assert_lines(&t, 1, "name\":\"/nonexistent/from\"", "name\":\"/nonexistent/to\"",
		     PATH("/nonexistent/from"));
	assert_lines(&t, 1, "\"oldname\":\"target\"", "\"newname\":\"/nonexistent/link\"");
	traced_free(&t);
}

static void trace_shows_calls_that_do_not_exist(void **state)
{
	struct traced t;

	(void)state;
	NEED_TRACE();
	NEED_NO_VALGRIND("pidfd_open(2)");
	trace_mode(&t, "odd_arguments");
	assert_lines(&t, 1, CALL("syscall_6006"), "\"0\":\"0x1\"", ERROR("ENOSYS"));
	assert_lines(&t, 1, CALL("syscall_-1"), ERROR("ENOSYS"));
	traced_free(&t);
}

static void trace_decodes_other_abis_by_their_own_tables(void **state)
{
	struct traced t;

	(void)state;
	NEED_TRACE();
	NEED_NO_VALGRIND("pidfd_open(2)");
#ifndef __x86_64__
	SKIP_TEST("these are x86-64's");
#endif
	trace_mode(&t, "compat");
	if (t.result.command_code == 128 + SIGSEGV)
		SKIP_TEST("this kernel has no i386 calls");
	assert_complete(&t);
	assert_lines(&t, 1, "\"abi\":\"i386\"", CALL("access"), PATH("/nonexistent/compat"),
		     ERROR("ENOENT"));
	assert_lines(&t, 1, "\"abi\":\"i386\"", CALL("close"), "\"fd\":-1", ERROR("EBADF"));
	assert_lines(&t, 1, "\"abi\":\"x32\"", CALL("getpid"));
	traced_free(&t);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trace_reads_paths_on_pages_that_nobody_has_touched),
		cmocka_unit_test(trace_marks_paths_that_cannot_be_read),
		cmocka_unit_test(trace_reads_odd_strings_as_they_are),
		cmocka_unit_test(trace_shows_calls_that_do_not_exist),
		cmocka_unit_test(trace_decodes_other_abis_by_their_own_tables),
	};
	int code;

	if (is_tracee(argc, argv, &code))
		return code;
	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
