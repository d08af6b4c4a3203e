// SPDX-License-Identifier: MIT
/* Commands, and all that they start. */
#include "kernel/trace_support.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void trace_shows_a_command_from_its_execve_to_its_exit(void **state)
{
	struct traced t;
	const char *last;

	(void)state;
	NEED_TRACE();
	NEED_NO_VALGRIND("pidfd_open(2)");
	trace_mode(&t, "marker");
	assert_complete(&t);
	assert_true(t.result.command_ended);
	assert_int_equal(t.result.command_code, 0);
	assert_non_null(strstr(t.text, CALL("execve")));
	assert_true(strstr(t.text, CALL("execve")) < strchr(t.text, '\n'));
	assert_lines(&t, 1, CALL("execve"), PATH("/proc/self/exe"), "\"result\":0,");
	assert_lines(&t, 10, CALL(MARKER), "\"duration_ns\":");
	last = strstr(t.text, CALL("exit_group"));
	assert_non_null(last);
	assert_string_equal(strchr(last, '\n'), "\n");
	assert_lines(&t, 1, CALL("exit_group"), UNFINISHED, "\"result\":null");
	traced_free(&t);
}

static void trace_has_a_record_for_every_call(void **state)
{
	struct traced t;

	(void)state;
	NEED_TRACE();
	NEED_NO_VALGRIND("pidfd_open(2)");
	trace_mode(&t, "many");
	assert_complete(&t);
	assert_lines(&t, 20000, CALL(MARKER));
	assert_int_equal(t.result.command_code, 7);
	traced_free(&t);
}

static void trace_writes_calls_in_the_order_of_their_ends(void **state)
{
	struct traced t;
	double last = 0;

	(void)state;
	NEED_TRACE();
	NEED_NO_VALGRIND("pidfd_open(2)");
	trace_mode(&t, "threads");
	assert_complete(&t);
	for (char *line = t.text; *line; line = strchr(line, '\n') + 1) {
		char *duration = strstr(line, "\"duration_ns\":");
		double end;

		assert_non_null(duration);
		/* Less the seconds that are the same, to keep nanoseconds in a double. */
		end = (double)(atoll(line + 8) % 1000000) * 1e9 + atof(strchr(line, '.')) * 1e9 +
		      atof(duration + 14);
		if (end < last - 1000)
			fail_msg("%.0f ns too late: %.300s", last - end, line);
		last = end;
	}
	traced_free(&t);
}

#define N_THREADS 8

/* The leak detector looks at the others from a thread of its own. */
#ifdef __SANITIZE_ADDRESS__
#define N_OF_SANITIZER 1
#else
#define N_OF_SANITIZER 0
#endif

static void trace_follows_threads(void **state)
{
	struct traced t;

	(void)state;
	NEED_TRACE();
	NEED_NO_VALGRIND("pidfd_open(2)");
	trace_mode(&t, "threads");
	assert_complete(&t);
	assert_lines(&t, 8000, CALL(MARKER));
	assert_lines(&t, N_THREADS + N_OF_SANITIZER, CALL("exit"), UNFINISHED);
	traced_free(&t);
}

static void trace_follows_children(void **state)
{
	struct traced t;

	(void)state;
	NEED_TRACE();
	NEED_NO_VALGRIND("pidfd_open(2)");
	trace_mode(&t, "children");
	assert_complete(&t);
	assert_lines(&t, 400, CALL(MARKER));
	assert_lines(&t, 51, CALL("exit_group"), UNFINISHED);
	traced_free(&t);
}

/* Counts by i % 20 and i % 3 as the tracee's. */
static void trace_loses_no_call_of_thousands_of_short_processes(void **state)
{
	size_t run = 0, twice = 0;
	struct traced t;

	(void)state;
	NEED_TRACE();
	NEED_NO_VALGRIND("pidfd_open(2)");
	for (int i = 0; i < N_SHORT; i++) {
		run += i % 20 == 0;
		twice += i % 20 && i % 3 == 1;
	}
	trace_mode(&t, "short_processes");
	assert_complete(&t);
	assert_int_equal(t.result.command_code, 0);
	assert_lines(&t, N_SHORT - run + twice + 10 * run, CALL(MARKER));
	assert_lines(&t, N_SHORT + twice + 1, CALL("exit_group"), UNFINISHED);
	assert_lines(&t, run + 1, CALL("execve"), "\"result\":0,");
	traced_free(&t);
}

static void trace_follows_vfork_into_its_exec(void **state)
{
	struct traced t;

	(void)state;
	NEED_TRACE();
	NEED_NO_VALGRIND("pidfd_open(2)");
	trace_mode(&t, "vfork");
	assert_complete(&t);
	assert_lines(&t, 10, CALL(MARKER));
	assert_lines(&t, 2, CALL("execve"), PATH("/proc/self/exe"), "\"result\":0,");
	traced_free(&t);
}

static void trace_follows_an_exec_by_another_thread(void **state)
{
	struct traced t;

	(void)state;
	NEED_TRACE();
	NEED_NO_VALGRIND("pidfd_open(2)");
	trace_mode(&t, "exec_by_thread");
	assert_complete(&t);
	assert_lines(&t, 10, CALL(MARKER));
	assert_lines(&t, 2, CALL("execve"), PATH("/proc/self/exe"), "\"result\":0,");
	/* The first thread was taken out of its pause. */
	assert_int_equal(LINES(&t, CALL("pause")) + LINES(&t, CALL("ppoll")), 1);
	traced_free(&t);
}

static void trace_shows_execs_that_fail_and_go_on(void **state)
{
	struct traced t;

	(void)state;
	NEED_TRACE();
	NEED_NO_VALGRIND("pidfd_open(2)");
	trace_mode(&t, "exec_nothing");
	assert_complete(&t);
	assert_lines(&t, 1, CALL("execve"), PATH("/nonexistent/program"), ERROR("ENOENT"));
	assert_lines(&t, 2, CALL("execve"), PATH("/proc/self/exe"), "\"result\":0,");
	assert_lines(&t, 10, CALL(MARKER));
	traced_free(&t);
}

static void trace_shows_calls_of_a_command_that_is_killed(void **state)
{
	struct traced t;

	(void)state;
	NEED_TRACE();
	NEED_NO_VALGRIND("pidfd_open(2)");
	trace_mode(&t, "killed_in_calls");
	assert_complete(&t);
	assert_int_equal(t.result.command_code, 128 + SIGKILL);
	assert_int_equal(LINES(&t, CALL("pause")) + LINES(&t, CALL("ppoll")), 1);
	assert_lines(&t, 1, CALL("read"), ERROR("ERESTARTSYS"));
	traced_free(&t);
}

static void trace_leaves_other_processes_alone(void **state)
{
	struct traced t;
	int feed;
	pid_t stranger;

	(void)state;
	NEED_TRACE();
	NEED_NO_VALGRIND("pidfd_open(2)");
	stranger = start_tracee("attached", &feed);
	assert_int_equal(write(feed, "0123456789", 10), 10);
	trace_mode(&t, "marker");
	assert_complete(&t);
	assert_lines(&t, 10, CALL(MARKER));
	assert_int_equal(end_tracee(stranger, feed), 0);
	traced_free(&t);
}

static void trace_refuses_a_command_that_is_not_there(void **state)
{
	char *argv[] = { "/nonexistent/command", NULL };
	const struct skep_trace_opts opts = { .command = argv };
	struct traced t;

	(void)state;
	NEED_TRACE();
	NEED_NO_VALGRIND("pidfd_open(2)");
	trace_with(&t, &opts);
	assert_int_equal(t.ret, -1);
	assert_error_says(&t.err, "/nonexistent/command");
	assert_string_equal(t.text, "");
	traced_free(&t);
}

static void make_file(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0700);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static void trace_says_why_a_command_cannot_run(void **state)
{
	static const struct {
		const char *text;
		mode_t mode;
		int code;
		const char *says;
	} cases[] = {
		{ "#!/bin/sh\n", 0600, EACCES, "Permission denied" },
		{ "no program", 0700, ENOEXEC, "Exec format error" },
		{ "#!/nonexistent/sh\n", 0700, ENOENT, "needs an interpreter" },
	};
	char path[] = "/tmp/skep-command-XXXXXX";
	char *argv[] = { path, NULL };
	const struct skep_trace_opts opts = { .command = argv, .style = TRACE_JSON };

	(void)state;
	NEED_TRACE();
	NEED_NO_VALGRIND("pidfd_open(2)");
	close(mkstemp(path));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct traced t;

		make_file(path, cases[i].text, cases[i].mode);
		trace_with(&t, &opts);
		assert_true(t.ret < 0);
		assert_int_equal(t.err.code, cases[i].code);
		assert_error_says(&t.err, path);
		assert_error_says(&t.err, cases[i].says);
		traced_free(&t);
	}
	unlink(path);
}

static void trace_counts_what_it_could_not_write(void **state)
{
	char *argv[] = { "/proc/self/exe", "tracee", "many", NULL };
	const struct skep_trace_opts opts = { .command = argv, .style = TRACE_JSON };
	struct skep_trace_result result = { 0 };
	struct skep_error err = { 0 };
	struct skep_output output;
	struct skep_trace *trace;

	(void)state;
	NEED_TRACE();
	NEED_NO_VALGRIND("pidfd_open(2)");
	assert_ok(!skep_output_open(&output, "/dev/full", &err), &err);
	trace = skep_trace_new(&output, &opts, &err);
	assert_ok(trace, &err);
	assert_int_equal(skep_trace_run(trace, &result, &err), -ENOSPC);
	assert_error_says(&err, "/dev/full");
	assert_int_equal(result.calls, 0);
	assert_true(result.lost > 0);
	/* The command was not disturbed. */
	assert_true(result.command_ended);
	assert_int_equal(result.command_code, 7);
	skep_trace_free(trace);
	skep_output_close(&output);
}

static void trace_leaves_nothing_in_the_kernel(void **state)
{
	size_t fds = count_fds();
	uint32_t newest;
	struct traced t;

	(void)state;
	NEED_TRACE();
	NEED_NO_VALGRIND("pidfd_open(2)");
	newest = newest_map_id();
	trace_mode(&t, "marker");
	traced_free(&t);
	assert_int_equal(count_fds(), fds);
	assert_true(maps_go_away("execs", newest));
	assert_true(maps_go_away("events", newest));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trace_shows_a_command_from_its_execve_to_its_exit),
		cmocka_unit_test(trace_has_a_record_for_every_call),
		cmocka_unit_test(trace_writes_calls_in_the_order_of_their_ends),
		cmocka_unit_test(trace_follows_threads),
		cmocka_unit_test(trace_follows_children),
		cmocka_unit_test(trace_loses_no_call_of_thousands_of_short_processes),
		cmocka_unit_test(trace_follows_vfork_into_its_exec),
		cmocka_unit_test(trace_follows_an_exec_by_another_thread),
		cmocka_unit_test(trace_shows_execs_that_fail_and_go_on),
		cmocka_unit_test(trace_shows_calls_of_a_command_that_is_killed),
		cmocka_unit_test(trace_leaves_other_processes_alone),
		cmocka_unit_test(trace_refuses_a_command_that_is_not_there),
		cmocka_unit_test(trace_says_why_a_command_cannot_run),
		cmocka_unit_test(trace_counts_what_it_could_not_write),
		cmocka_unit_test(trace_leaves_nothing_in_the_kernel),
	};
	int code;

	if (is_tracee(argc, argv, &code))
		return code;
	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
