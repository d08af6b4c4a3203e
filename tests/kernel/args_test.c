// SPDX-License-Identifier: MIT
/* Programs that name their arguments get those that the caller gave, on this machine. */
#include "kernel/probe_support.h"

#include <fcntl.h>
#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include "kernel/user_support.h"

static struct skep_link *attach(const char *program)
{
	struct skep_error err = { 0 };
	struct skep_link *link = skep_program_attach(load_hook("bpf_args", program), &err);

	assert_ok(link, &err);
	return link;
}

static void expect_seen(const uint64_t *values, int n)
{
	char name[] = "seen1";

	for (int i = 0; i < n; i++, name[4]++)
		assert_int_equal(fixture_value(name), values[i]);
}

static void done(struct skep_link *link)
{
	skep_link_close(link);
	fixture_leave();
}

int args_eight(int a, long b, char c, short d, uint64_t e, void *f, int g, uint32_t h);

__attribute__((noinline, visibility("default"))) int args_eight(int a, long b, char c, short d,
								uint64_t e, void *f, int g,
								uint32_t h)
{
	return (int)(a + b + c + d + (long)e + (long)f + g + h);
}

static int (*volatile call_eight)(int, long, char, short, uint64_t, void *, int,
				  uint32_t) = args_eight;

static void arguments_of_functions_of_user_space(void **state)
{
	static const uint64_t expected[] = { (uint64_t)-1,
					     (uint64_t)-200000000000,
					     3,
					     (uint64_t)-4,
					     0x123456789abcdef0,
					     6,
					     (uint64_t)-7,
					     0xfffffff8 };
	struct skep_uprobe_opts opts = in_this_process("args_eight");
	struct skep_link *link;

	(void)state;
	NEED_USER_PROBES();
	link = attach_user(load_hook("bpf_args", "on_eight"), "/proc/self/exe", &opts);
	call_eight(-1, -200000000000, 3, -4, 0x123456789abcdef0, (void *)6, -7, 0xfffffff8);
	assert_int_equal(fixture_value("hits"), 1);
	expect_seen(expected, 8);
	done(link);

	opts.retprobe = true;
	link = attach_user(load_hook("bpf_args", "on_eight_done"), "/proc/self/exe", &opts);
	assert_int_equal(call_eight(1, 2, 3, 4, 5, (void *)6, -7, 0), 14);
	assert_int_equal(fixture_value("result"), 14);
	done(link);
}

/* Six arguments that the kernel refuses: flags must be zero. */
static struct iovec local[3], remote[5];

static void call_refused(void)
{
	assert_int_equal(syscall(SYS_process_vm_readv, 77, local, 3L, remote, 5L, 6L), -1);
}

static void expect_refused(void)
{
	const uint64_t refused[] = { 77, (uintptr_t)local, 3, (uintptr_t)remote, 5, 6 };

	assert_int_equal(fixture_value("hits"), 1);
	expect_seen(refused, 6);
}

static void arguments_of_system_calls(void **state)
{
	struct skep_link *link;

	(void)state;
	NEED_VM();
	link = attach("on_call");
	call_refused();
	expect_refused();
	done(link);
}

static void arguments_and_results_of_functions_of_the_kernel(void **state)
{
	static char buffer[12345];
	const uint64_t expected[] = { 1, (uintptr_t)buffer, sizeof(buffer), 1, 1 };
	struct skep_link *link;
	int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);

	(void)state;
	if (!getenv("SKEP_VM"))
		close(fd);
	NEED_VM();
	link = attach("on_read");
	assert_int_equal(read(fd, buffer, sizeof(buffer)), sizeof(buffer));
	assert_int_equal(fixture_value("hits"), 1);
	expect_seen(expected, 5);
	done(link);
	link = attach("on_read_done");
	assert_int_equal(read(fd, buffer, sizeof(buffer)), sizeof(buffer));
	assert_int_equal(fixture_value("result"), sizeof(buffer));
	done(link);
	close(fd);
}

static void arguments_of_raw_tracepoints(void **state)
{
	struct skep_error err = { 0 };
	long wanted = SYS_process_vm_readv;
	struct skep_spec *spec;
	struct skep_link *link;

	(void)state;
	NEED_BPF();
	spec = fixture_open_one("bpf_args", "on_raw", NULL);
	only_this_process(spec);
	assert_ok(!skep_spec_set_global(spec, "wanted", &wanted, sizeof(wanted), &err), &err);
	fixture_load();
	link = skep_program_attach(fixture_program("on_raw"), &err);
	assert_ok(link, &err);
	call_refused();
	expect_refused();
	done(link);

	link = attach("on_exit");
	call_refused();
	assert_int_equal(fixture_value("result"), (uint64_t)-22);
	done(link);
}

/* Hooks on functions that the kernel has for tests, called with these. */
static void run_six(const char *program, bool returns)
{
	static const uint64_t expected[] = { 16, 17, 18, 19, 20, 21 };
	struct skep_program_run run = { .size = sizeof(run) };
	struct skep_error err = { 0 };
	struct skep_program *six = load_hook("bpf_args", program);
	struct skep_link *link = skep_program_attach(six, &err);

	assert_ok(link, &err);
	assert_ok(!skep_program_test_run(six, &run, &err), &err);
	expect_seen(expected, 6);
	if (returns)
		assert_int_equal(fixture_value("result"), 111);
	done(link);
}

static void arguments_of_traced_functions(void **state)
{
	(void)state;
	NEED_TRAMPOLINES();
	run_six("on_six", false);
	run_six("on_six_done", true);
	run_six("on_six_typed", false);
}

static void registers_of_samples(void **state)
{
	struct skep_perf_event_opts opts = { .size = sizeof(opts),
					     .type = PERF_TYPE_SOFTWARE,
					     .config = PERF_COUNT_SW_TASK_CLOCK,
					     .period = 100000 };
	struct skep_error err = { 0 };
	struct skep_link *link;

	(void)state;
	NEED_BPF();
	link = skep_program_attach_perf_event(load_hook("bpf_args", "on_sample"), &opts, &err);
	assert_ok(link, &err);
	use_cpu(20);
	assert_true(fixture_value("hits") > 0);
	close_and_expect_silence(link, use_cpu);
	fixture_leave();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arguments_of_functions_of_user_space),
		cmocka_unit_test(arguments_of_system_calls),
		cmocka_unit_test(arguments_and_results_of_functions_of_the_kernel),
		cmocka_unit_test(arguments_of_raw_tracepoints),
		cmocka_unit_test(arguments_of_traced_functions),
		cmocka_unit_test(registers_of_samples),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
