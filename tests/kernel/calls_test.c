// SPDX-License-Identifier: MIT
/* How many times loading and attaching goes through bpf(2): a child is counted by ptrace(2). */
#include "kernel/support.h"

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void load_and_attach(const char *fixture)
{
	struct skep_error err = { 0 };
	struct skep_spec *spec = open_fixture(fixture);
	struct skep_object *object = skep_object_load(spec, NULL, &err);

	if (!object || skep_object_attach(object, &err) < 0)
		_exit(1);
	skep_object_close(object);
	_exit(0);
}

/* Counts the entries of bpf(2) until the child ends; -1 when it failed or cannot be traced. */
static int count_calls(pid_t child)
{
	struct __ptrace_syscall_info info;
	int status, calls = 0;

	if (waitpid(child, &status, 0) != child || !WIFSTOPPED(status))
		return -1;
	ptrace(PTRACE_SETOPTIONS, child, 0, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
	while (!ptrace(PTRACE_SYSCALL, child, 0, 0)) {
		if (waitpid(child, &status, 0) != child)
			return -1;
		if (WIFEXITED(status))
			return WEXITSTATUS(status) ? -1 : calls;
		if (!WIFSTOPPED(status) || WSTOPSIG(status) != (SIGTRAP | 0x80))
			continue;
		if (ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof(info), &info) <= 0)
			return -1;
		calls += info.op == PTRACE_SYSCALL_INFO_ENTRY && info.entry.nr == SYS_bpf;
	}
	return -1;
}

static int calls_of(const char *fixture)
{
	pid_t child = fork();

	assert_true(child >= 0);
	if (!child) {
		if (ptrace(PTRACE_TRACEME, 0, 0, 0))
			_exit(1);
		raise(SIGSTOP);
		load_and_attach(fixture);
	}
	return count_calls(child);
}

static void one_program_needs_three_calls(void **state)
{
	int calls;

	(void)state;
	NEED_BPF();
	NEED_NO_VALGRIND("PTRACE_GET_SYSCALL_INFO");
	calls = calls_of("load_minimal");
	if (calls < 0)
		SKIP_TEST("ptrace(2) cannot count here");
	/* BTF, program, raw tracepoint */
	assert_int_equal(calls, 3);
}

static void one_program_with_globals_needs_at_most_eight(void **state)
{
	int calls;

	(void)state;
	NEED_BPF();
	NEED_NO_VALGRIND("PTRACE_GET_SYSCALL_INFO");
	calls = calls_of("load_globals");
	if (calls < 0)
		SKIP_TEST("ptrace(2) cannot count here");
	/* BTF, .data, .bss, .rodata with its values and freezing, program, raw tracepoint */
	assert_int_equal(calls, 8);
}

static void maps_and_programs_cost_one_call_each(void **state)
{
	const int maps = 12 + 1, programs = 2, inner = 1, slots = 3, links = 2;
	int calls;

	(void)state;
	NEED_BPF();
	NEED_NO_VALGRIND("PTRACE_GET_SYSCALL_INFO");
	if (!kernel_takes_map("load_maps", "a_task_storage"))
		SKIP_TEST("this kernel refuses one of the maps: the reason takes more calls");
	calls = calls_of("load_maps");
	if (calls < 0)
		SKIP_TEST("ptrace(2) cannot count here");
	assert_int_equal(calls, 1 + maps + programs + inner + slots + links);
}

/* Walks over all programs, and writes how many there were. */
static void walk_and_tell(int to)
{
	struct skep_system_walk walk = { .size = sizeof(walk), .kind = SKEP_SYSTEM_PROGRAMS };
	uint32_t n = 0;

	while (skep_system_next(&walk, NULL) > 0) {
		skep_system_program_free(skep_system_program_read(walk.fd, 0, NULL));
		n++;
	}
	_exit(write(to, &n, sizeof(n)) != sizeof(n));
}

/* The next id, the descriptor, what is known of it; and once that there is no more. */
static void a_walk_needs_three_calls_a_program(void **state)
{
	struct skep_spec *spec;
	struct skep_object *object;
	int ends[2], calls;
	uint32_t n = 0;
	pid_t child;

	(void)state;
	NEED_BPF();
	NEED_NO_VALGRIND("PTRACE_GET_SYSCALL_INFO");
	spec = open_fixture("load_minimal");
	object = load_spec(spec);
	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (!child) {
		if (ptrace(PTRACE_TRACEME, 0, 0, 0))
			_exit(1);
		raise(SIGSTOP);
		walk_and_tell(ends[1]);
	}
	calls = count_calls(child);
	close(ends[1]);
	if (calls >= 0)
		assert_int_equal(read(ends[0], &n, sizeof(n)), sizeof(n));
	close(ends[0]);
	skep_object_close(object);
	skep_spec_free(spec);
	if (calls < 0)
		SKIP_TEST("ptrace(2) cannot count here");
	assert_true(n >= 1);
	/* Others' programs may vanish meanwhile, each of which costs two calls. */
	assert_in_range(calls, 3 * n + 1, 3 * n + 1 + 40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_program_needs_three_calls),
		cmocka_unit_test(one_program_with_globals_needs_at_most_eight),
		cmocka_unit_test(maps_and_programs_cost_one_call_each),
		cmocka_unit_test(a_walk_needs_three_calls_a_program),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
