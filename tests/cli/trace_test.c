// SPDX-License-Identifier: MIT
/* skep trace as a user sees it. */
#include "cli/run.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *calls;
static char folder[] = "/tmp/skep-trace-XXXXXX", file[64], to_file[80];

static int setup(void **state)
{
	(void)state;
	calls = getenv("SKEP_CALLS");
	if (!calls || !mkdtemp(folder))
		return -1;
	snprintf(file, sizeof(file), "%s/lines", folder);
	snprintf(to_file, sizeof(to_file), "jsonl:%s", file);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	unlink(file);
	return rmdir(folder);
}

static void trace_of_ls_shows_execve_openat_and_no_loss(void **state)
{
	struct run_result r;
	const char *first;

	(void)state;
	RUN(&r, "skep", "trace", "--", "ls", "/");
	assert_run(&r, r.status == 0 && strstr(r.out, "etc\n"));
	first = strstr(r.err, "execve(\"");
	assert_run(&r, first && memchr(first, '\n', 200) && first < strchr(r.err, '\n'));
	assert_run(&r, strstr(r.err, "openat(AT_FDCWD, \"/\", "));
	assert_run(&r, strstr(r.err, "exit_group(0)"));
	assert_run(&r, strstr(r.err, " calls, 0 lost\n"));
	run_free(&r);
}

static void trace_leaves_the_commands_output_alone(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "skep", "trace", "-o", to_file, "sh", "-c", "echo out; echo err >&2; exit 41");
	assert_run(&r, r.status == 41 && !strcmp(r.out, "out\n"));
	assert_run(&r, !strncmp(r.err, "err\n", 4) && count_lines(r.err) == 2);
	run_free(&r);
}

static void trace_has_exactly_one_line_for_each_call(void **state)
{
	struct run_result r, jq;

	(void)state;
	RUN(&r, "skep", "trace", "-o", to_file, "--", calls, "100000");
	assert_run(&r, r.status == 7 && !strcmp(r.err, "100004 calls, 0 lost\n"));
	run_free(&r);
	/* jq fails at a line that is not JSON. */
	RUN(&jq, "jq", "-rn",
	    "reduce inputs.syscall as $s ({}; .[$s] += 1) | "
	    "\"\\(.execve) \\(.getppid) \\(.openat) \\(.close) \\(.exit_group) \\(length)\"",
	    file);
	assert_run(&jq, jq.status == 0 && !strcmp(jq.out, "1 100000 1 1 1 5\n"));
	run_free(&jq);
}

static void trace_to_a_pipe_gives_lines_that_jq_reads(void **state)
{
	struct run_result r;
	char script[256];

	(void)state;
	snprintf(script, sizeof(script),
		 "\"$SKEP_BIN\" trace -o jsonl -- %s 1000 2>/dev/null | "
		 "jq -r 'select(.path) | \"\\(.syscall) \\(.path) \\(.result)\"'",
		 calls);
	RUN(&r, "sh", "-c", script);
	assert_run(&r, r.status == 0 && strstr(r.out, "openat /dev/null 3\n"));
	assert_run(&r, count_lines(r.out) == 2);
	run_free(&r);
}

static void trace_exits_as_the_command_does(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "skep", "trace", "-o", to_file, "--", "sh", "-c", "kill -9 $$");
	assert_run(&r, r.status == 128 + SIGKILL && count_lines(r.err) == 1);
	run_free(&r);
	RUN(&r, "skep", "trace", "-o", to_file, "--", "true");
	assert_run(&r, r.status == 0);
	run_free(&r);
}

static void trace_tells_when_its_reader_has_gone(void **state)
{
	struct run_opts opts = { .close_stdout = true };
	struct run_result r;
	unsigned long lost;

	(void)state;
	RUN_OPTS(&r, &opts, "skep", "trace", "-o", "jsonl", "--", calls, "100000");
	assert_run(&r, r.status == 1);
	assert_run(&r, strstr(r.err, "stdout") && strstr(r.err, "its reader has closed it"));
	/* What was read until then has no line; the rest is not traced any more. */
	assert_run(&r, sscanf(r.err, "0 calls, %lu lost\n", &lost) == 1 && count_lines(r.err) == 2);
	assert_run(&r, lost > 0 && lost <= 100004);
	run_free(&r);
}

/* Lines and losses together are all calls, however slow the reader is. */
static void trace_counts_what_a_slow_reader_makes_it_lose(void **state)
{
	unsigned long written, lost;
	struct run_result r;
	char script[256];

	(void)state;
	snprintf(script, sizeof(script),
		 "\"$SKEP_BIN\" trace -o jsonl -- %s 1500000 | (sleep 3; wc -l)", calls);
	RUN(&r, "sh", "-c", script);
	assert_run(&r, r.status == 0);
	assert_run(&r, sscanf(r.err, "%lu calls, %lu lost", &written, &lost) == 2);
	assert_run(&r, written + lost == 1500004 && lost > 0);
	assert_run(&r, strtoul(r.out, NULL, 10) == written);
	run_free(&r);
}

static void trace_ends_at_ctrl_c_and_leaves_processes_running(void **state)
{
	struct run_opts opts = { .signal = SIGINT, .signal_after_ms = 2000, .timeout_ms = 30000 };
	struct run_result r;
	char number[16];
	pid_t pid = fork();

	(void)state;
	if (!pid) {
		execlp("sleep", "sleep", "100", NULL);
		_exit(127);
	}
	usleep(200000);
	snprintf(number, sizeof(number), "%d", pid);
	RUN_OPTS(&r, &opts, "skep", "trace", "-p", number);
	assert_run(&r, r.status == 0 && strstr(r.err, "0 lost\n"));
	assert_run(&r, strstr(r.err, "clock_nanosleep(") && strstr(r.err, "<unfinished ...>"));
	run_free(&r);
	assert_int_equal(waitpid(pid, NULL, WNOHANG), 0);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void trace_passes_sigterm_on_to_the_command(void **state)
{
	struct run_opts opts = { .signal = SIGTERM, .signal_after_ms = 2000, .timeout_ms = 30000 };
	struct run_result r;

	(void)state;
	RUN_OPTS(&r, &opts, "skep", "trace", "-o", to_file, "--", "sh", "-c",
		 "trap 'echo ended; exit 3' TERM; while :; do sleep 0.1; done");
	assert_run(&r, r.status == 3 && !strcmp(r.out, "ended\n"));
	assert_run(&r, strstr(r.err, " 0 lost\n"));
	run_free(&r);
}

static void trace_is_read_before_others_run(void **state)
{
	struct run_result r;
	char expected[32];

	(void)state;
	RUN(&r, "skep", "trace", "-o", to_file, "--", "sh", "-c",
	    "for pid in $PPID $$; do cut -d' ' -f19 /proc/$pid/stat; done");
	snprintf(expected, sizeof(expected), "-20\n%d\n", getpriority(PRIO_PROCESS, 0));
	assert_run(&r, r.status == 0 && !strcmp(r.out, expected));
	run_free(&r);
}

/* From a terminal, the command and the tracer get the same signal. */
static void trace_goes_on_while_the_command_handles_ctrl_c(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "setsid", "sh", "-c",
	    "exec \"$SKEP_BIN\" trace -o \"$0\" -- sh -c "
	    "'trap \"echo handled; exit 5\" INT; kill -INT 0; sleep 1; exit 6'",
	    to_file);
	assert_run(&r, r.status == 5 && !strcmp(r.out, "handled\n"));
	assert_run(&r, strstr(r.err, " 0 lost\n"));
	run_free(&r);
}

static void trace_ends_at_the_second_signal_and_leaves_the_command_running(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "skep", "trace", "-o", to_file, "--", "sh", "-c",
	    "trap '' TERM; kill $PPID; sleep 0.2; kill $PPID; sleep 0.5; echo still here");
	assert_run(&r, r.status == 0 && !strcmp(r.out, "still here\n"));
	assert_run(&r, strstr(r.err, " 0 lost\n"));
	run_free(&r);
}

/* Whenever it comes: while skep loads, and while the command waits. */
static void trace_ends_at_an_early_signal(void **state)
{
	(void)state;
	for (int ms = 1; ms < 150; ms += ms / 4 + 2) {
		struct run_opts opts = { .signal = SIGTERM,
					 .signal_after_ms = ms,
					 .timeout_ms = 30000 };
		struct run_result r;

		RUN_OPTS(&r, &opts, "skep", "trace", "-o", to_file, "--", "sleep", "100");
		assert_run(&r, r.status == 128 + SIGTERM);
		run_free(&r);
	}
}

static void trace_that_cannot_write_leaves_the_command_alone(void **state)
{
	static const struct {
		const char *redirection, *says;
	} cases[] = {
		{ "-o jsonl:/dev/full", "/dev/full: cannot be written: No space left on device" },
		{ "-o jsonl >/dev/full", "stdout: cannot be written: No space left on device" },
		{ "-o jsonl >&-", "stdout: cannot be written: Bad file descriptor" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char script[256];
		struct run_result r;

		snprintf(script, sizeof(script),
			 "\"$SKEP_BIN\" trace %s -- sh -c 'sleep 0.2; echo done >&2; exit 4'",
			 cases[i].redirection);
		RUN(&r, "sh", "-c", script);
		assert_run(&r, r.status == 1 && strstr(r.err, cases[i].says));
		assert_run(&r, strstr(r.err, "done\n") && count_lines(r.err) == 3);
		run_free(&r);
	}
}

static void trace_refuses_to_trace_itself(void **state)
{
	struct run_result r;

	(void)state;
	RUN(&r, "sh", "-c", "exec \"$SKEP_BIN\" trace -p $$");
	assert_run(&r, r.status == 2 && strstr(r.err, "is the tracer itself"));
	run_free(&r);
}

static void trace_errors_say_what_is_wrong(void **state)
{
	static const struct {
		const char *argv[8];
		int status;
		const char *says;
	} cases[] = {
		{ { "skep", "trace" }, 2, "nothing to trace" },
		{ { "skep", "trace", "--" }, 2, "no command follows --" },
		{ { "skep", "trace", "-p", "0" }, 2, "--pid cannot be '0'" },
		{ { "skep", "trace", "-p", "12x" }, 2, "--pid cannot be '12x'" },
		{ { "skep", "trace", "-p", "-5" }, 2, "--pid cannot be '-5'" },
		{ { "skep", "trace", "-o", "xml", "ls" }, 2, "allowed: text jsonl" },
		{ { "skep", "trace", "-o", "jsonl:", "ls" }, 2, "names no file" },
		{ { "skep", "trace", "-p", "999999999" }, 1, "there is no process 999999999" },
		{ { "skep", "trace", "-o", "text:/nonexistent/x", "ls" }, 1, "/nonexistent/x" },
		{ { "skep", "trace", "no-such-command" }, 2, "'no-such-command'" },
		{ { "skep", "trace", "/etc/passwd" }, 2, "'/etc/passwd' cannot be run" },
		{ { "skep", "trace", "/tmp" }, 2, "'/tmp' cannot be run" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct run_result r;

		run(&r, NULL, cases[i].argv);
		assert_run(&r, r.status == cases[i].status && r.out_len == 0);
		assert_run(&r, strstr(r.err, cases[i].says) && count_lines(r.err) == 1);
		run_free(&r);
	}
}

static void trace_without_rights_says_which_are_missing(void **state)
{
	struct run_opts opts = { .uid = 65534, .dir = "/" };
	struct run_result r;

	(void)state;
	RUN_OPTS(&r, &opts, "skep", "trace", "--", "true");
	if (r.status == 126 || r.status == 127) {
		run_free(&r);
		SKIP_TEST("another user cannot run the built command");
	}
	assert_run(&r, r.status == 3 && strstr(r.err, "CAP_") && count_lines(r.err) == 1);
	run_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trace_of_ls_shows_execve_openat_and_no_loss),
		cmocka_unit_test(trace_leaves_the_commands_output_alone),
		cmocka_unit_test(trace_has_exactly_one_line_for_each_call),
		cmocka_unit_test(trace_to_a_pipe_gives_lines_that_jq_reads),
		cmocka_unit_test(trace_exits_as_the_command_does),
		cmocka_unit_test(trace_tells_when_its_reader_has_gone),
		cmocka_unit_test(trace_counts_what_a_slow_reader_makes_it_lose),
		cmocka_unit_test(trace_ends_at_ctrl_c_and_leaves_processes_running),
		cmocka_unit_test(trace_passes_sigterm_on_to_the_command),
		cmocka_unit_test(trace_is_read_before_others_run),
		cmocka_unit_test(trace_goes_on_while_the_command_handles_ctrl_c),
		cmocka_unit_test(trace_ends_at_the_second_signal_and_leaves_the_command_running),
		cmocka_unit_test(trace_ends_at_an_early_signal),
		cmocka_unit_test(trace_that_cannot_write_leaves_the_command_alone),
		cmocka_unit_test(trace_refuses_to_trace_itself),
		cmocka_unit_test(trace_errors_say_what_is_wrong),
		cmocka_unit_test(trace_without_rights_says_which_are_missing),
	};

	return cmocka_run_group_tests_name("cli", tests, setup, teardown);
}
