// SPDX-License-Identifier: MIT
/* Processes that run already. */
#include "kernel/trace_support.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Feeds a tracee @n bytes once the trace has begun, then ends it. */
static pid_t start_feeder(int feed, int n)
{
	pid_t pid = fork();

	if (!pid) {
		wait_until_traced(getppid());
		for (int i = 0; i < n; i++)
			if (write(feed, "x", 1) != 1)
				_exit(1);
		_exit(0);
	}
	close(feed);
	return pid;
}

static void trace_sees_threads_and_children_of_a_running_process(void **state)
{
	struct traced t;
	int feed;
	pid_t pid, feeder;
	struct skep_trace_opts opts = { .pids = &pid, .n_pids = 1, .style = TRACE_JSON };

	(void)state;
	NEED_TRACE();
	NEED_NO_VALGRIND("pidfd_open(2)");
	pid = start_tracee("attached", &feed);
	feeder = start_feeder(feed, 100);
	trace_with(&t, &opts);
	/* It has ended by itself, with the last of them. */
	assert_complete(&t);
	assert_false(t.result.command_ended);
	assert_lines(&t, 100, CALL(MARKER));
	/* Reads that had begun before: process and child, and the thread that never returned. */
	assert_lines(&t, 3, CALL("read"), "\"duration_ns\":null");
	assert_lines(&t, 2, CALL("exit_group"), UNFINISHED);
	waitpid(feeder, NULL, 0);
	waitpid(pid, NULL, 0);
	traced_free(&t);
}

static void trace_takes_several_processes(void **state)
{
	pid_t pids[2], feeders[2];
	const struct skep_trace_opts opts = { .pids = pids, .n_pids = 2, .style = TRACE_JSON };
	struct traced t;
	int feeds[2];

	(void)state;
	NEED_TRACE();
	NEED_NO_VALGRIND("pidfd_open(2)");
	pids[0] = start_tracee("attached", &feeds[0]);
	pids[1] = start_tracee("attached", &feeds[1]);
	feeders[0] = start_feeder(feeds[0], 30);
	close(feeds[0]);
	feeders[1] = start_feeder(feeds[1], 12);
	trace_with(&t, &opts);
	assert_complete(&t);
	assert_lines(&t, 42, CALL(MARKER));
	for (int i = 0; i < 2; i++) {
		waitpid(feeders[i], NULL, 0);
		waitpid(pids[i], NULL, 0);
	}
	traced_free(&t);
}

static void trace_refuses_what_is_no_process(void **state)
{
	pid_t pid;
	const struct skep_trace_opts opts = { .pids = &pid, .n_pids = 1 };
	struct traced t;

	(void)state;
	NEED_TRACE();
	NEED_NO_VALGRIND("pidfd_open(2)");
	pid = fork();
	if (!pid)
		_exit(0);
	waitpid(pid, NULL, 0);
	trace_with(&t, &opts);
	assert_int_equal(t.ret, -1);
	assert_int_equal(t.err.code, ESRCH);
	assert_error_says(&t.err, "there is no process");
	traced_free(&t);
}

static void trace_refuses_itself_and_threads(void **state)
{
	pid_t pid = getpid();
	const struct skep_trace_opts opts = { .pids = &pid, .n_pids = 1 };
	char path[40];
	struct dirent *entry;
	struct traced t;
	DIR *tasks;
	int feed;

	(void)state;
	NEED_TRACE();
	NEED_NO_VALGRIND("pidfd_open(2)");
	trace_with(&t, &opts);
	assert_error_says(&t.err, "the tracer itself");
	traced_free(&t);
	pid = start_tracee("attached", &feed);
	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	tasks = opendir(path);
	assert_non_null(tasks);
	while ((entry = readdir(tasks))) {
		pid_t tid = atoi(entry->d_name);
		const struct skep_trace_opts thread = { .pids = &tid, .n_pids = 1 };

		if (tid <= pid)
			continue;
		trace_with(&t, &thread);
		assert_error_says(&t.err, "is a thread, not a process");
		traced_free(&t);
		pid = -pid;
	}
	assert_true(pid < 0);
	closedir(tasks);
	assert_int_equal(end_tracee(-pid, feed), 0);
}

/* It must see the end of all that it has begun to see: otherwise it would wait for ever. */
static void trace_attaches_amid_forks_and_ends_with_the_last(void **state)
{
	struct traced t;
	int feed;
	pid_t pid, feeder;
	const struct skep_trace_opts opts = { .pids = &pid, .n_pids = 1, .style = TRACE_JSON };

	(void)state;
	NEED_TRACE();
	NEED_NO_VALGRIND("pidfd_open(2)");
	for (int i = 0; i < 5; i++) {
		pid = start_tracee("endless_short_processes", &feed);
		assert_int_equal(write(feed, "x", 1), 1);
		feeder = start_feeder(feed, 0);
		trace_with(&t, &opts);
		assert_complete(&t);
		/* A process has one end, and nearly all make one marker. */
		assert_in_range(LINES(&t, CALL("exit_group"), UNFINISHED),
				1 + LINES(&t, CALL(MARKER)) / 10, 1 + LINES(&t, CALL(MARKER)));
		waitpid(feeder, NULL, 0);
		waitpid(pid, NULL, 0);
		traced_free(&t);
	}
}

static void trace_ends_when_the_process_is_killed(void **state)
{
	struct traced t;
	int feed;
	pid_t pid, killer;
	const struct skep_trace_opts opts = { .pids = &pid, .n_pids = 1, .style = TRACE_JSON };

	(void)state;
	NEED_TRACE();
	NEED_NO_VALGRIND("pidfd_open(2)");
	/* Its child sees the end of the pipe when both writers are gone. */
	pid = start_tracee("attached", &feed);
	killer = fork();
	if (!killer) {
		wait_until_traced(getppid());
		kill(pid, SIGKILL);
		/* Its pipe has no end before it is dead. */
		usleep(500000);
		_exit(0);
	}
	close(feed);
	trace_with(&t, &opts);
	assert_complete(&t);
	assert_lines(&t, 1, CALL("read"), ERROR("ERESTARTSYS"), "\"fd\":0");
	waitpid(killer, NULL, 0);
	waitpid(pid, NULL, 0);
	traced_free(&t);
}

static struct skep_trace *volatile interrupted;

static void on_alarm(int signal)
{
	skep_trace_interrupt(interrupted, signal);
}

/* Traces one process until an alarm. */
static void trace_until_alarm(struct traced *t, pid_t pid)
{
	const struct skep_trace_opts opts = { .pids = &pid, .n_pids = 1, .style = TRACE_JSON };
	struct sigaction action = { .sa_handler = on_alarm };
	char name[] = "/tmp/skep-trace-XXXXXX";
	int fd = mkstemp(name);
	struct skep_output output;
	char text[65536];
	ssize_t n;

	*t = (struct traced){ 0 };
	unlink(name);
	skep_output_fd(&output, fd, "lines");
	interrupted = skep_trace_new(&output, &opts, &t->err);
	assert_ok(interrupted, &t->err);
	sigaction(SIGALRM, &action, NULL);
	alarm(1);
	t->ret = skep_trace_run(interrupted, &t->result, &t->err);
	skep_trace_free(interrupted);
	skep_output_close(&output);
	n = pread(fd, text, sizeof(text) - 1, 0);
	assert_true(n >= 0);
	text[n] = '\0';
	t->text = strdup(text);
	close(fd);
}

static void trace_shows_what_is_unfinished_when_it_stops(void **state)
{
	char fifo[40];
	struct traced t;
	int feed;
	pid_t pid;

	(void)state;
	NEED_TRACE();
	NEED_NO_VALGRIND("pidfd_open(2)");
	snprintf(fifo, sizeof(fifo), "/tmp/skep-fifo-%d", getpid());
	assert_int_equal(mkfifo(fifo, 0600), 0);
	setenv("SKEP_TEST_FIFO", fifo, 1);
	pid = start_tracee("stopped_in_open", &feed);
	trace_until_alarm(&t, pid);
	assert_complete(&t);
	assert_lines(&t, 1, CALL("openat"), fifo, UNFINISHED);
	/* It is left as it was. */
	assert_int_equal(kill(pid, 0), 0);
	close(open(fifo, O_WRONLY));
	assert_int_equal(end_tracee(pid, feed), 0);
	unlink(fifo);
	traced_free(&t);
}

static void trace_shows_calls_once_whether_finished_or_not(void **state)
{
	struct traced t;
	int feed;
	pid_t pid, feeder;

	(void)state;
	NEED_TRACE();
	NEED_NO_VALGRIND("pidfd_open(2)");
	pid = start_tracee("attached", &feed);
	feeder = start_feeder(dup(feed), 50);
	trace_until_alarm(&t, pid);
	assert_complete(&t);
	assert_lines(&t, 50, CALL(MARKER));
	/* Three tasks, each in its last read. The thread is in it since before the trace; so is one
	 * of the others if the other took every byte. */
	assert_lines(&t, 3, CALL("read"), UNFINISHED);
	assert_in_range(LINES(&t, CALL("read"), UNFINISHED, "\"duration_ns\":null"), 1, 2);
	waitpid(feeder, NULL, 0);
	assert_int_equal(end_tracee(pid, feed), 0);
	traced_free(&t);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trace_sees_threads_and_children_of_a_running_process),
		cmocka_unit_test(trace_takes_several_processes),
		cmocka_unit_test(trace_refuses_what_is_no_process),
		cmocka_unit_test(trace_refuses_itself_and_threads),
		cmocka_unit_test(trace_attaches_amid_forks_and_ends_with_the_last),
		cmocka_unit_test(trace_ends_when_the_process_is_killed),
		cmocka_unit_test(trace_shows_what_is_unfinished_when_it_stops),
		cmocka_unit_test(trace_shows_calls_once_whether_finished_or_not),
	};
	int code;

	if (is_tracee(argc, argv, &code))
		return code;
	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
