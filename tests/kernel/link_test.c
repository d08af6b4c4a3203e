// SPDX-License-Identifier: MIT
#include "kernel/support.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <time.h>
#include <unistd.h>

static struct skep_spec *spec;

/* One program of load_links in the kernel, counting what this process does. */
static struct skep_object *load_one(const char *program)
{
	spec = open_fixture("load_links");
	only_this_process(spec);
	only_program(spec, program);
	return load_spec(spec);
}

static void unload(struct skep_object *object)
{
	skep_object_close(object);
	skep_spec_free(spec);
	spec = NULL;
}

static struct skep_link *attach(struct skep_object *object, const char *program)
{
	struct skep_error err = { 0 };
	struct skep_link *link = skep_program_attach(skep_object_program(object, program), &err);

	assert_ok(link, &err);
	assert_true(skep_link_fd(link) > 2);
	return link;
}

static void give_way(void)
{
	struct timespec moment = { .tv_nsec = 200000 };

	for (int i = 0; i < 20; i++)
		nanosleep(&moment, NULL);
}

/* Spins for some milliseconds of this thread's CPU time, which a clock event counts. */
static void use_cpu(int ms)
{
	struct timespec start, now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start);
	do
		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	while ((now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000 < ms);
}

/* After closing, what the process does is not counted any more. */
static void expect_silence(struct skep_object *object, const char *counter, void (*act)(void))
{
	uint64_t before = global_value(object, counter);

	act();
	assert_int_equal(global_value(object, counter), before);
}

static void call_ten_times(void)
{
	call_kernel(10);
}

static void tracepoint_fires_until_it_is_closed(void **state)
{
	struct skep_object *object;
	struct skep_link *link;

	(void)state;
	NEED_BPF();
	NEED_NO_VALGRIND("fsopen(2)");
	object = load_one("on_tp");
	link = attach(object, "on_tp");
	assert_string_equal(skep_link_label(link), "tracepoint sched/sched_switch");
	give_way();
	assert_true(global_value(object, "tp_hits") >= 20);
	skep_link_close(link);
	expect_silence(object, "tp_hits", give_way);
	unload(object);
}

static void tracepoint_that_does_not_exist_is_named(void **state)
{
	struct skep_error err = { 0 };
	struct skep_object *object;
	struct skep_program *program;

	(void)state;
	NEED_BPF();
	NEED_NO_VALGRIND("fsopen(2)");
	object = load_one("on_tp");
	program = skep_object_program(object, "on_tp");
	assert_null(skep_program_attach_tracepoint(program, "sched", "no_such_event", NULL, &err));
	assert_int_equal(err.code, ENOENT);
	assert_error_says(&err, "sched/no_such_event");
	assert_null(skep_program_attach_tracepoint(program, "no_such_category", "x", NULL, &err));
	assert_error_says(&err, "no category 'no_such_category'");
	assert_null(skep_program_attach_tracepoint(program, "..", "../etc", NULL, &err));
	assert_int_equal(err.code, EINVAL);
	unload(object);
}

static void raw_tracepoint_fires_until_it_is_closed(void **state)
{
	struct skep_object *object;
	struct skep_link *link;

	(void)state;
	NEED_BPF();
	object = load_one("on_raw");
	link = attach(object, "on_raw");
	assert_string_equal(skep_link_label(link), "raw tracepoint sys_enter");
	call_kernel(10);
	assert_true(global_value(object, "raw_hits") >= 10);
	skep_link_close(link);
	expect_silence(object, "raw_hits", call_ten_times);
	unload(object);
}

static void raw_tracepoint_that_does_not_exist_is_named(void **state)
{
	struct skep_error err = { 0 };
	struct skep_object *object;

	(void)state;
	NEED_BPF();
	object = load_one("on_raw");
	assert_null(skep_program_attach_raw_tracepoint(skep_object_program(object, "on_raw"),
						       "no_such_event", NULL, &err));
	assert_int_equal(err.code, ENOENT);
	assert_error_says(&err, "no_such_event");
	unload(object);
}

static void tp_btf_fires_until_it_is_closed(void **state)
{
	struct skep_object *object;
	struct skep_link *link;

	(void)state;
	NEED_BPF();
	object = load_one("on_btf");
	link = attach(object, "on_btf");
	assert_string_equal(skep_link_label(link), "tp_btf sys_enter");
	call_kernel(10);
	assert_true(global_value(object, "btf_hits") >= 10);
	skep_link_close(link);
	expect_silence(object, "btf_hits", call_ten_times);
	unload(object);
}

static void spin(void)
{
	use_cpu(30);
}

static void perf_event_fires_until_it_is_closed(void **state)
{
	const struct skep_perf_event_opts opts = { .size = sizeof(opts),
						   .type = PERF_TYPE_SOFTWARE,
						   .config = PERF_COUNT_SW_TASK_CLOCK,
						   .period = 1000000,
						   .pid = 0,
						   .cpu = -1 };
	struct skep_error err = { 0 };
	struct skep_object *object;
	struct skep_link *link;

	(void)state;
	NEED_BPF();
	object = load_one("on_perf");
	link = skep_program_attach_perf_event(skep_object_program(object, "on_perf"), &opts, &err);
	assert_ok(link, &err);
	spin();
	assert_true(global_value(object, "perf_hits") >= 2);
	skep_link_close(link);
	expect_silence(object, "perf_hits", spin);
	unload(object);
}

static void perf_event_that_cannot_be_says_why(void **state)
{
	struct skep_perf_event_opts opts = { .size = sizeof(opts),
					     .type = PERF_TYPE_SOFTWARE,
					     .config = PERF_COUNT_SW_CPU_CLOCK,
					     .frequency = 100,
					     .pid = -1,
					     .cpu = -1 };
	struct skep_error err = { 0 };
	struct skep_object *object;
	struct skep_program *program;

	(void)state;
	NEED_BPF();
	object = load_one("on_perf");
	program = skep_object_program(object, "on_perf");
	assert_null(skep_program_attach_perf_event(program, &opts, &err));
	assert_error_says(&err, "either a process or a CPU");
	opts.pid = 0x3fffff;
	assert_null(skep_program_attach_perf_event(program, &opts, &err));
	assert_int_equal(err.code, ESRCH);
	opts.pid = 0;
	opts.config = 0xffff;
	assert_null(skep_program_attach_perf_event(program, &opts, &err));
	assert_int_equal(err.code, ENOENT);
	unload(object);
}

static void iterator_runs_when_it_is_read(void **state)
{
	struct skep_error err = { 0 };
	struct skep_object *object;
	struct skep_link *link;
	char text[64];

	(void)state;
	NEED_BPF();
	object = load_one("on_iter");
	link = attach(object, "on_iter");
	assert_string_equal(skep_link_label(link), "iterator bpf_map");
	for (int i = 0; i < 2; i++) {
		int fd = skep_link_iter_open(link, &err);

		assert_ok(fd >= 0, &err);
		while (read(fd, text, sizeof(text)) > 0)
			continue;
		close(fd);
	}
	assert_true(global_value(object, "iter_hits") >= 4);
	skep_link_close(link);
	unload(object);
}

static void programs_of_the_wrong_type_are_refused(void **state)
{
	struct skep_error err = { 0 };
	struct skep_object *object;
	struct skep_program *program;

	(void)state;
	NEED_BPF();
	object = load_one("on_raw");
	program = skep_object_program(object, "on_raw");
	assert_null(skep_program_attach_tracepoint(program, "sched", "sched_switch", NULL, &err));
	assert_int_equal(err.code, EINVAL);
	assert_error_says(&err, "program 'on_raw' (raw_tp/sys_enter)");
	assert_null(skep_program_attach_iter(program, NULL, &err));
	assert_int_equal(err.code, EINVAL);
	assert_null(skep_program_attach_xdp(program, "lo", NULL, &err));
	assert_int_equal(err.code, EINVAL);
	program = skep_object_program(object, "on_btf");
	assert_null(skep_program_attach_trace(program, NULL, &err));
	assert_int_equal(err.code, EBADF);
	assert_error_says(&err, "not loaded");
	unload(object);
}

static void section_without_a_place_says_what_to_call(void **state)
{
	struct skep_error err = { 0 };
	struct skep_object *object;

	(void)state;
	NEED_BPF();
	object = load_one("on_perf");
	assert_null(skep_program_attach(skep_object_program(object, "on_perf"), &err));
	assert_int_equal(err.code, ENOTSUP);
	assert_error_says(&err, "skep_program_attach_perf_event()");
	assert_int_equal(skep_object_attach(object, &err), 0);
	unload(object);
}

static void object_attaches_all_and_detaches_all(void **state)
{
	struct skep_error err = { 0 };
	struct skep_object *object;

	(void)state;
	NEED_BPF();
	NEED_NO_VALGRIND("fsopen(2)");
	spec = open_fixture("load_links");
	only_this_process(spec);
	skep_spec_program(spec, "on_btf")->attach = false;
	object = load_spec(spec);
	assert_int_equal(skep_object_attach(object, &err), 3);
	assert_int_equal(skep_object_attach(object, &err), 3);
	assert_non_null(skep_program_link(skep_object_program(object, "on_raw")));
	assert_null(skep_program_link(skep_object_program(object, "on_btf")));
	assert_null(skep_program_link(skep_object_program(object, "on_xdp")));
	call_kernel(10);
	assert_true(global_value(object, "raw_hits") >= 10);
	assert_int_equal(global_value(object, "btf_hits"), 0);
	skep_object_detach(object);
	assert_null(skep_program_link(skep_object_program(object, "on_raw")));
	expect_silence(object, "raw_hits", call_ten_times);
	unload(object);
}

static void one_that_cannot_be_attached_does_not_stop_the_others(void **state)
{
	struct skep_object_opts opts = { .size = sizeof(opts) };
	struct skep_error err = { 0 };
	struct skep_object *object;
	struct skep_program_spec *program;

	(void)state;
	NEED_BPF();
	NEED_NO_VALGRIND("fsopen(2)");
	for (int strict = 0; strict < 2; strict++) {
		spec = open_fixture("load_links");
		only_this_process(spec);
		program = skep_spec_program(spec, "on_tp");
		assert_int_equal(skep_program_spec_target(spec, program, "sched/nothing"), 0);
		opts.strict = strict;
		object = skep_object_load(spec, &opts, &err);
		assert_ok(object, &err);
		if (strict) {
			assert_int_equal(skep_object_attach(object, &err), -ENOENT);
			assert_error_says(&err, "sched/nothing");
			assert_null(skep_program_link(skep_object_program(object, "on_raw")));
		} else {
			assert_int_equal(skep_object_attach(object, &err), 3);
			assert_error_says(skep_program_error(skep_object_program(object, "on_tp")),
					  "sched/nothing");
		}
		unload(object);
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
