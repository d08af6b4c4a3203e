// SPDX-License-Identifier: MIT
/* What skep inspect shows that depends on the kernel and the machine: run in all of them. */
#include "cli/run.h"
#include "kernel/probe_support.h"
#include "kernel/run_support.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "kernel/tracefs.h"

static const char *id_of(const struct skep_program *program)
{
	static char text[16];
	struct skep_system_program *p = skep_system_program_read(skep_program_fd(program), 0, NULL);

	snprintf(text, sizeof(text), "%u", p ? p->id : 0);
	skep_system_program_free(p);
	return text;
}

/* Feeds it a packet. */
static void run_program(const struct skep_program *program)
{
	struct skep_program_run run = input(PACKET);
	struct skep_error err = { 0 };

	assert_ok(!skep_program_test_run(program, &run, &err), &err);
}

static void inspect_shows_what_programs_print_to_their_streams(void **state)
{
	struct skep_program *program;
	struct run_result r;

	(void)state;
	NEED_TO_LOAD("load_streams", "prints");
	program = fixture_load_one("load_streams", "prints", NULL);
	run_program(program);
	if (fixture_value("result"))
		SKIP_TEST("this kernel has no streams, or no memory for them");
	RUN(&r, "skep", "inspect", "log", id_of(program), "-d", "0.1");
	assert_run(&r, r.status == 0 && !strcmp(r.out, "64 bytes\nerror 7\n"));
	run_free(&r);
	RUN(&r, "skep", "inspect", "log", id_of(program), "-d", "0.1");
	assert_run(&r, r.status == 0 && !r.out_len);
	run_free(&r);
}

static bool is_printing(void)
{
	SKEP_SCOPED(skep_scoped_fd) int dir = skep_tracefs_open(NULL);
	SKEP_SCOPED(skep_scoped_fd)
	int fd = openat(dir, "events/bpf_trace/bpf_trace_printk/enable", O_RDONLY | O_CLOEXEC);
	char state = '0';

	return fd >= 0 && read(fd, &state, 1) == 1 && state == '1';
}

/* Newer kernels turn the event of bpf_printk() on a while after the program was loaded. */
static void wait_until_printing(void)
{
	for (int i = 0; i < 500 && !is_printing(); i++)
		usleep(10000);
	assert_true(is_printing());
}

/* In a machine of its own, as each line goes to one reader. */
static void inspect_shows_the_trace_pipe(void **state)
{
	const struct run_opts unread = { .close_stdout = true };
	struct skep_program *program;
	struct run_result r;
	pid_t pid;

	(void)state;
	NEED_VM();
	program = fixture_load_one("load_prints", "prints_a_line", NULL);
	wait_until_printing();
	run_program(program);
	run_program(program);
	RUN(&r, "skep", "inspect", "log", "-d", "0.3");
	assert_run(&r, r.status == 0 && count_lines(r.out) == 2);
	assert_run(&r, strstr(r.out, ": a packet of 64 bytes\n"));
	run_free(&r);
	/* And what is printed while it waits. */
	pid = fork();
	if (!pid) {
		usleep(300000);
		run_program(program);
		_exit(0);
	}
	RUN(&r, "skep", "inspect", "log", "-d", "1.5");
	waitpid(pid, NULL, 0);
	assert_run(&r, r.status == 0 && count_lines(r.out) == 1);
	run_free(&r);
	run_program(program);
	RUN_OPTS(&r, &unread, "skep", "inspect", "log");
	assert_run(&r, r.status == 128 + SIGPIPE);
	run_free(&r);
}

static void inspect_shows_machine_code(void **state)
{
	struct run_result version, r;
	struct skep_program *program;

	(void)state;
	NEED_JIT();
	program = fixture_load_one("system_view", "program_with_a_name_that_is_cut", NULL);
	RUN(&version, "skep", "--version", "-v");
	RUN(&r, "skep", "inspect", "prog", "dump", id_of(program), "--machine", "--opcodes");
	if (strstr(version.out, "capstone")) {
		assert_run(&r, r.status == 0 && strstr(r.out, ": mov "));
		assert_run(&r, strstr(r.out, "\nlook_up_and_count:\n"));
		assert_run(&r, strstr(r.out, "; return look_up_and_count(3) + 40; @ "));
#ifdef __x86_64__
		/* Elsewhere calls go by a register. */
		assert_run(&r, strstr(r.out, "<bpf_prog_"));
#endif
	} else {
		assert_run(&r, r.status && strstr(r.err, "built without libcapstone"));
	}
	run_free(&r);
	run_free(&version);
}

/* A kernel that counts file descriptors (6.2) has none of its own threads' looked at. */
static void inspect_finds_the_process_that_holds_a_program(void **state)
{
	struct skep_program *program;
	struct run_result r;
	char held[32];

	(void)state;
	NEED_BPF();
	program = fixture_load_one("load_minimal", "minimal", NULL);
	snprintf(held, sizeof(held), "(%d)\n", getpid());
	RUN(&r, "skep", "inspect", "prog", id_of(program), "--columns", "id,held_by");
	assert_run(&r, r.status == 0 && strstr(r.out, held));
	run_free(&r);
}

/* By its link, or before there were links of perf events (5.15) by the event that a process holds.
 */
static void inspect_shows_what_probes_are_on(void **state)
{
	struct skep_error err = { 0 };
	struct skep_program *program;
	struct skep_link *link;
	struct run_result by_link, by_event;
	char text[32];

	(void)state;
	NEED_VM();
	program = load_probe("on_entry");
	link = skep_program_attach(program, &err);
	assert_ok(link, &err);
	snprintf(text, sizeof(text), " %s ", id_of(program));
	RUN(&by_link, "skep", "inspect", "link", "--columns", "type,prog_id,prog_name,target");
	RUN(&by_event, "skep", "inspect", "perf");
	assert_run(&by_link, by_link.status == 0);
	assert_run(&by_event, by_event.status == 0);
	if (strstr(by_link.out, text)) {
		/* Which function it is is told since 6.6. */
		assert_run(&by_link, strstr(by_link.out, "perf_event") &&
					     (strstr(by_link.out, "kprobe vfs_read\n") ||
					      strstr(by_link.out, "on_entry  -\n")));
	} else {
		assert_run(&by_event, strstr(by_event.out, text) &&
					      strstr(by_event.out, "kprobe") &&
					      strstr(by_event.out, "vfs_read\n"));
	}
	run_free(&by_link);
	run_free(&by_event);
	skep_link_close(link);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(inspect_shows_what_programs_print_to_their_streams,
					  fixture_teardown),
		cmocka_unit_test_teardown(inspect_shows_the_trace_pipe, fixture_teardown),
		cmocka_unit_test_teardown(inspect_shows_machine_code, fixture_teardown),
		cmocka_unit_test_teardown(inspect_finds_the_process_that_holds_a_program,
					  fixture_teardown),
		cmocka_unit_test_teardown(inspect_shows_what_probes_are_on, fixture_teardown),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
