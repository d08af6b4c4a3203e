// SPDX-License-Identifier: MIT
/* Cookies of tracepoints and clocks, which a kernel has or has not; and a writable tracepoint. */
#include "kernel/probe_support.h"

#include <errno.h>
#include <linux/perf_event.h>

static const struct skep_attach_opts opts = { .size = sizeof(opts), .cookie = 0x1122334455667788 };

static void expect_cookie(struct skep_link *link, const struct skep_error *err,
			  void (*act)(int times))
{
	assert_ok(link, err);
	act(10);
	assert_true(fixture_value("hits") > 0);
	assert_int_equal(fixture_value("last_cookie"), opts.cookie);
	close_and_expect_silence(link, act);
	fixture_leave();
}

static void tracepoint_hands_over_its_cookie(void **state)
{
	struct skep_error err = { 0 };
	struct skep_program *program;

	(void)state;
	NEED_TO_LOAD("link_cookies", "on_tp");
	NEED_NO_VALGRIND("fsopen(2)");
	program = load_hook("link_cookies", "on_tp");
	expect_cookie(skep_program_attach_tracepoint(program, "sched", "sched_switch", &opts, &err),
		      &err, give_way);
}

static void raw_tracepoint_hands_over_its_cookie(void **state)
{
	struct skep_error err = { 0 };
	struct skep_program *program;

	(void)state;
	NEED_TO_LOAD("link_cookies", "on_raw");
	program = load_hook("link_cookies", "on_raw");
	expect_cookie(skep_program_attach_raw_tracepoint(program, "sys_enter", &opts, &err), &err,
		      call_kernel);
}

static void tp_btf_hands_over_its_cookie(void **state)
{
	struct skep_error err = { 0 };
	struct skep_program *program;

	(void)state;
	NEED_TO_LOAD("link_cookies", "on_btf");
	program = load_hook("link_cookies", "on_btf");
	expect_cookie(skep_program_attach_trace(program, &opts, &err), &err, call_kernel);
}

static void perf_event_hands_over_its_cookie(void **state)
{
	const struct skep_perf_event_opts clock = { .size = sizeof(clock),
						    .type = PERF_TYPE_SOFTWARE,
						    .config = PERF_COUNT_SW_TASK_CLOCK,
						    .period = 1000000,
						    .cookie = opts.cookie };
	struct skep_error err = { 0 };
	struct skep_program *program;

	(void)state;
	NEED_TO_LOAD("link_cookies", "on_perf");
	program = load_hook("link_cookies", "on_perf");
	expect_cookie(skep_program_attach_perf_event(program, &clock, &err), &err, use_cpu);
}

static void cookie_that_the_kernel_lacks_is_told(void **state)
{
	struct skep_error err = { 0 };
	struct skep_program *program;
	struct skep_link *link;

	(void)state;
	NEED_BPF();
	program = load_hook("link_cookies", "raw_without");
	link = skep_program_attach_raw_tracepoint(program, "sys_enter", &opts, &err);
	skep_link_close(link);
	fixture_leave();
	if (link)
		SKIP_TEST("this kernel has cookies for raw tracepoints");
	assert_int_equal(err.code, ENOTSUP);
	assert_error_says(&err, "no cookies for raw tracepoint sys_enter");
	assert_error_says(&err, "6.10");
}

/* Runs a program by hand. */
static int run_something(const struct skep_object *object)
{
	char packet[64] = { 0 };
	struct skep_program_run run = { .size = sizeof(run),
					.data_in = packet,
					.data_in_len = sizeof(packet) };

	return skep_program_test_run(skep_object_program(object, "on_xdp"), &run, NULL);
}

static void writable_raw_tracepoint_changes_its_argument(void **state)
{
	struct skep_spec *xdp = open_fixture("load_links"), *spec = open_fixture("link_cookies");
	struct skep_object *runs, *object;
	struct skep_error err = { 0 };
	struct skep_link *link;
	int verdict = -EXFULL;

	(void)state;
	NEED_BPF();
	only_program(xdp, "on_xdp");
	runs = load_spec(xdp);
	only_program(spec, "on_finish");
	only_this_process(spec);
	assert_int_equal(skep_spec_set_global(spec, "verdict", &verdict, sizeof(verdict), &err), 0);
	object = load_spec(spec);
	assert_int_equal(run_something(runs), 0);
	link = skep_program_attach(skep_object_program(object, "on_finish"), &err);
	assert_ok(link, &err);
	assert_string_equal(skep_link_label(link), "raw tracepoint bpf_test_finish");
	assert_int_equal(run_something(runs), -EXFULL);
	skep_link_close(link);
	assert_int_equal(run_something(runs), 0);
	skep_object_close(object);
	skep_object_close(runs);
	skep_spec_free(spec);
	skep_spec_free(xdp);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tracepoint_hands_over_its_cookie),
		cmocka_unit_test(raw_tracepoint_hands_over_its_cookie),
		cmocka_unit_test(tp_btf_hands_over_its_cookie),
		cmocka_unit_test(perf_event_hands_over_its_cookie),
		cmocka_unit_test(cookie_that_the_kernel_lacks_is_told),
		cmocka_unit_test(writable_raw_tracepoint_changes_its_argument),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
