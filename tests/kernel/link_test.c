// SPDX-License-Identifier: MIT
#include "kernel/probe_support.h"

#include <errno.h>
#include <linux/perf_event.h>

static struct skep_program *load(const char *program)
{
	return load_hook("load_links", program);
}

static struct skep_link *attach(const char *program, const char *label)
{
	struct skep_link *link = attach_hook("load_links", program, label);

	assert_true(skep_link_fd(link) > 2);
	return link;
}

static void tracepoint_fires_until_it_is_closed(void **state)
{
	struct skep_link *link;

	(void)state;
	NEED_BPF();
	NEED_NO_VALGRIND("fsopen(2)");
	link = attach("on_tp", "tracepoint sched/sched_switch");
	give_way(20);
	assert_true(fixture_value("tp_hits") >= 10);
	close_and_expect_silence_of(link, "tp_hits", give_way);
	fixture_leave();
}

static void tracepoint_that_does_not_exist_is_named(void **state)
{
	struct skep_error err = { 0 };
	struct skep_program *program;

	(void)state;
	NEED_BPF();
	NEED_NO_VALGRIND("fsopen(2)");
	program = load("on_tp");
	assert_null(skep_program_attach_tracepoint(program, "sched", "no_such_event", NULL, &err));
	assert_int_equal(err.code, ENOENT);
	assert_error_says(&err, "sched/no_such_event");
	assert_null(skep_program_attach_tracepoint(program, "no_such_category", "x", NULL, &err));
	assert_error_says(&err, "no category 'no_such_category'");
	assert_null(skep_program_attach_tracepoint(program, "..", "../etc", NULL, &err));
	assert_int_equal(err.code, EINVAL);
	fixture_leave();
}

static void raw_tracepoint_fires_until_it_is_closed(void **state)
{
	struct skep_error err = { 0 };
	struct skep_link *link;

	(void)state;
	NEED_BPF();
	link = attach("on_raw", "raw tracepoint sys_enter");
	call_kernel(10);
	assert_true(fixture_value("raw_hits") >= 10);
	assert_int_equal(skep_link_iter_open(link, &err), -EINVAL);
	assert_error_says(&err, "link 'raw tracepoint sys_enter': the kernel refuses");
	close_and_expect_silence_of(link, "raw_hits", call_kernel);
	fixture_leave();
}

static void raw_tracepoint_that_does_not_exist_is_named(void **state)
{
	struct skep_error err = { 0 };

	(void)state;
	NEED_BPF();
	assert_null(
		skep_program_attach_raw_tracepoint(load("on_raw"), "no_such_event", NULL, &err));
	assert_int_equal(err.code, ENOENT);
	assert_error_says(&err, "no_such_event");
	fixture_leave();
}

static void tp_btf_fires_until_it_is_closed(void **state)
{
	struct skep_link *link;

	(void)state;
	NEED_BPF();
	link = attach("on_btf", "tp_btf sys_enter");
	call_kernel(10);
	assert_true(fixture_value("btf_hits") >= 10);
	close_and_expect_silence_of(link, "btf_hits", call_kernel);
	fixture_leave();
}

static void perf_event_fires_until_it_is_closed(void **state)
{
	const struct skep_perf_event_opts opts = { .size = sizeof(opts),
						   .type = PERF_TYPE_SOFTWARE,
						   .config = PERF_COUNT_SW_TASK_CLOCK,
						   .period = 1000000,
						   .pid = 0 };
	struct skep_error err = { 0 };
	struct skep_link *link;

	(void)state;
	NEED_BPF();
	link = skep_program_attach_perf_event(load("on_perf"), &opts, &err);
	assert_ok(link, &err);
	use_cpu(30);
	assert_true(fixture_value("perf_hits") >= 2);
	close_and_expect_silence_of(link, "perf_hits", use_cpu);
	fixture_leave();
}

static void perf_event_that_cannot_be_says_why(void **state)
{
	struct skep_perf_event_opts opts = { .size = sizeof(opts),
					     .type = PERF_TYPE_SOFTWARE,
					     .config = PERF_COUNT_SW_CPU_CLOCK,
					     .frequency = 100,
					     .one_cpu = true,
					     .cpu = 1 << 20 };
	struct skep_error err = { 0 };
	struct skep_program *program;

	(void)state;
	NEED_BPF();
	program = load("on_perf");
	assert_null(skep_program_attach_perf_event(program, &opts, &err));
	assert_int_equal(err.code, ENOENT);
	assert_error_says(&err, "there is no CPU 1048576");
	opts.one_cpu = false;
	opts.pid = 0x3fffff;
	assert_null(skep_program_attach_perf_event(program, &opts, &err));
	assert_int_equal(err.code, ESRCH);
	opts.pid = 0;
	opts.config = 0xffff;
	assert_null(skep_program_attach_perf_event(program, &opts, &err));
	assert_int_equal(err.code, ENOENT);
	fixture_leave();
}

static void iterator_runs_when_it_is_read(void **state)
{
	struct skep_error err = { 0 };
	struct skep_link *link;
	char text[64];

	(void)state;
	NEED_BPF();
	link = attach("on_iter", "iterator bpf_map");
	for (int i = 0; i < 2; i++) {
		int fd = skep_link_iter_open(link, &err);

		assert_ok(fd >= 0, &err);
		while (read(fd, text, sizeof(text)) > 0)
			continue;
		close(fd);
	}
	assert_true(fixture_value("iter_hits") >= 4);
	skep_link_close(link);
	fixture_leave();
}

static void programs_of_the_wrong_type_are_refused(void **state)
{
	struct skep_error err = { 0 };
	struct skep_program *program;

	(void)state;
	NEED_BPF();
	program = load("on_raw");
	assert_null(skep_program_attach_tracepoint(program, "sched", "sched_switch", NULL, &err));
	assert_int_equal(err.code, EINVAL);
	assert_error_says(&err, "program 'on_raw' (raw_tp/sys_enter)");
	assert_null(skep_program_attach_iter(program, NULL, &err));
	assert_int_equal(err.code, EINVAL);
	assert_null(skep_program_attach_xdp(program, "lo", NULL, &err));
	assert_int_equal(err.code, EINVAL);
	program = fixture_program("on_btf");
	assert_null(skep_program_attach_trace(program, NULL, &err));
	assert_int_equal(err.code, EBADF);
	assert_error_says(&err, "not loaded");
	fixture_leave();
}

static void section_without_a_place_says_what_to_call(void **state)
{
	struct skep_error err = { 0 };

	(void)state;
	NEED_BPF();
	assert_null(skep_program_attach(load("on_perf"), &err));
	assert_int_equal(err.code, ENOTSUP);
	assert_error_says(&err, "skep_program_attach_perf_event()");
	assert_int_equal(skep_object_attach(fixture_object(), &err), 0);
	fixture_leave();
}

static void object_attaches_all_and_detaches_all(void **state)
{
	struct skep_error err = { 0 };
	struct skep_object *object;
	struct skep_spec *spec;
	uint64_t hits;

	(void)state;
	NEED_BPF();
	NEED_NO_VALGRIND("fsopen(2)");
	spec = fixture_open("load_links");
	only_this_process(spec);
	skep_spec_program(spec, "on_btf")->attach = false;
	object = fixture_load();
	assert_int_equal(skep_object_attach(object, &err), 3);
	assert_int_equal(skep_object_attach(object, &err), 3);
	assert_non_null(skep_program_link(fixture_program("on_raw")));
	assert_null(skep_program_link(fixture_program("on_btf")));
	assert_null(skep_program_link(fixture_program("on_xdp")));
	call_kernel(10);
	assert_true(fixture_value("raw_hits") >= 10);
	assert_int_equal(fixture_value("btf_hits"), 0);
	skep_object_detach(object);
	assert_null(skep_program_link(fixture_program("on_raw")));
	hits = fixture_value("raw_hits");
	call_kernel(10);
	assert_int_equal(fixture_value("raw_hits"), hits);
	fixture_leave();
}

static void one_that_cannot_be_attached_does_not_stop_the_others(void **state)
{
	struct skep_object_opts opts = { .size = sizeof(opts) };
	struct skep_program_spec *program;
	struct skep_error err = { 0 };
	struct skep_object *object;
	struct skep_spec *spec;

	(void)state;
	NEED_BPF();
	NEED_NO_VALGRIND("fsopen(2)");
	for (int strict = 0; strict < 2; strict++) {
		spec = fixture_open("load_links");
		only_this_process(spec);
		program = skep_spec_program(spec, "on_tp");
		assert_int_equal(skep_program_spec_target(spec, program, "sched/nothing"), 0);
		opts.strict = strict;
		object = fixture_try_to_load(&opts, &err);
		assert_ok(object, &err);
		if (strict) {
			assert_int_equal(skep_object_attach(object, &err), -ENOENT);
			assert_error_says(&err, "sched/nothing");
			assert_null(skep_program_link(fixture_program("on_raw")));
		} else {
			assert_int_equal(skep_object_attach(object, &err), 3);
			assert_error_says(skep_program_error(fixture_program("on_tp")),
					  "sched/nothing");
		}
		fixture_leave();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tracepoint_fires_until_it_is_closed),
		cmocka_unit_test(tracepoint_that_does_not_exist_is_named),
		cmocka_unit_test(raw_tracepoint_fires_until_it_is_closed),
		cmocka_unit_test(raw_tracepoint_that_does_not_exist_is_named),
		cmocka_unit_test(tp_btf_fires_until_it_is_closed),
		cmocka_unit_test(perf_event_fires_until_it_is_closed),
		cmocka_unit_test(perf_event_that_cannot_be_says_why),
		cmocka_unit_test(iterator_runs_when_it_is_read),
		cmocka_unit_test(programs_of_the_wrong_type_are_refused),
		cmocka_unit_test(section_without_a_place_says_what_to_call),
		cmocka_unit_test(object_attaches_all_and_detaches_all),
		cmocka_unit_test(one_that_cannot_be_attached_does_not_stop_the_others),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
