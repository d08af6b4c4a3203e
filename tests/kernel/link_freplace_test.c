// SPDX-License-Identifier: MIT
/* Programs that are attached to functions of other programs: freplace, fentry and fexit. */
#include "kernel/probe_support.h"

#include <errno.h>

/* What the program `target` returns, run once by hand. */
static uint32_t run_target(const struct skep_object *targets)
{
	char packet[64] = { 0 };
	struct skep_program_run run = { .size = sizeof(run),
					.data_in = packet,
					.data_in_len = sizeof(packet) };
	struct skep_error err = { 0 };
	const struct skep_program *program = skep_object_program(targets, "target");

	assert_ok(!skep_program_test_run(program, &run, &err), &err);
	return run.retval;
}

/* The program `target` in the kernel, besides the one that is under test. */
static struct skep_object *load_target(struct skep_spec **target_spec)
{
	*target_spec = open_fixture("link_trace");
	only_program(*target_spec, "target");
	return load_spec(*target_spec);
}

static int target_fd(const struct skep_object *targets)
{
	return skep_program_fd(skep_object_program(targets, "target"));
}

/* Loads one for a function of a program. */
static struct skep_program *load_for(const char *program, const struct skep_object *targets,
				     const char *function)
{
	struct skep_spec *spec = fixture_open_one("link_trace", program, NULL);
	struct skep_program_spec *own = skep_spec_program(spec, program);

	assert_int_equal(skep_program_spec_target_program(spec, own, target_fd(targets), function),
			 0);
	fixture_load();
	return fixture_program(program);
}

static void freplace_answers_until_it_is_closed(void **state)
{
	struct skep_error err = { 0 };
	struct skep_spec *target_spec;
	struct skep_object *targets;
	struct skep_program *program;
	struct skep_link *link;

	(void)state;
	NEED_TRAMPOLINES();
	targets = load_target(&target_spec);
	assert_int_equal(run_target(targets), 8);
	program = load_for("other_answer", targets, "answer");
	link = skep_program_attach(program, &err);
	assert_ok(link, &err);
	assert_string_equal(skep_link_label(link), "freplace answer");
	assert_int_equal(run_target(targets), 104);
	skep_link_close(link);
	assert_int_equal(run_target(targets), 8);
	fixture_leave();
	skep_object_close(targets);
	skep_spec_free(target_spec);
}

static void freplace_goes_to_another_target(void **state)
{
	struct skep_error err = { 0 };
	struct skep_spec *first_spec, *second_spec;
	struct skep_object *first, *second;
	struct skep_program *program;
	struct skep_link *link;

	(void)state;
	NEED_TRAMPOLINES();
	first = load_target(&first_spec);
	second = load_target(&second_spec);
	program = load_for("other_answer", first, "answer");
	link = skep_program_attach_freplace(program, target_fd(second), NULL, &err);
	assert_ok(link, &err);
	assert_int_equal(run_target(first), 8);
	assert_int_equal(run_target(second), 104);
	skep_link_close(link);
	assert_int_equal(run_target(second), 8);
	link = skep_program_attach_freplace(program, target_fd(first), "answer", &err);
	assert_ok(link, &err);
	assert_int_equal(run_target(first), 104);
	assert_null(skep_program_attach_freplace(program, target_fd(second), "no_such", &err));
	assert_int_equal(err.code, ENOENT);
	assert_error_says(&err, "has no function 'no_such'");
	assert_null(skep_program_attach_freplace(program, 0, "answer", &err));
	assert_error_says(&err, "without the program that has it");
	skep_link_close(link);
	fixture_leave();
	skep_object_close(first);
	skep_object_close(second);
	skep_spec_free(first_spec);
	skep_spec_free(second_spec);
}

static void freplace_that_is_no_match_is_told(void **state)
{
	struct skep_error err = { 0 };
	struct skep_spec *target_spec;
	struct skep_object *targets;
	struct skep_spec *spec;
	struct skep_link *link;

	(void)state;
	NEED_TRAMPOLINES();
	targets = load_target(&target_spec);
	link = skep_program_attach(load_for("other_answer", targets, "answer"), &err);
	assert_ok(link, &err);
	/* Its own place is taken; that it has been used cannot be told apart. */
	assert_null(skep_program_attach(fixture_program("other_answer"), &err));
	assert_true(err.code == EBUSY || err.code == EINVAL);
	skep_link_close(link);
	fixture_leave();

	spec = fixture_open_one("link_trace", "wrong_answer", NULL);
	skep_program_spec_target_program(spec, skep_spec_program(spec, "wrong_answer"),
					 target_fd(targets), "answer");
	assert_null(fixture_try_to_load(NULL, &err));
	assert_int_equal(err.code, EINVAL);
	skep_object_close(targets);
	skep_spec_free(target_spec);
}

static void targets_that_are_no_programs_are_refused(void **state)
{
	struct skep_program_spec *program;
	struct skep_error err = { 0 };
	struct skep_spec *spec;

	(void)state;
	NEED_BPF();
	spec = fixture_open_one("link_trace", "other_answer", NULL);
	program = skep_spec_program(spec, "other_answer");
	assert_null(skep_object_load(spec, NULL, &err));
	assert_int_equal(err.code, EINVAL);
	assert_error_says(&err, "skep_program_spec_target_program()");
	assert_int_equal(skep_program_spec_target_program(spec, program, -1, "answer"), -EBADF);
	assert_int_equal(skep_program_spec_target_program(spec, program, 1, "answer"), 0);
	assert_null(skep_object_load(spec, NULL, &err));
	assert_error_says(&err, "file descriptor 1, is no loaded program");
	assert_int_equal(skep_program_spec_target_program(spec, program, 1, NULL), 0);
	assert_null(skep_object_load(spec, NULL, &err));
	assert_error_says(&err, "no function in it");
	fixture_leave();
}

static void fentry_and_fexit_fire_on_a_program(void **state)
{
	static const struct {
		const char *program, *function;
		uint64_t value;
	} cases[] = { { "on_answer", "answer", 4 }, { "on_target", "target", 8 } };
	struct skep_error err = { 0 };
	struct skep_spec *target_spec;
	struct skep_object *targets;

	(void)state;
	NEED_TRAMPOLINES();
	targets = load_target(&target_spec);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct skep_program *program =
			load_for(cases[i].program, targets, cases[i].function);
		struct skep_link *link = skep_program_attach(program, &err);

		assert_ok(link, &err);
		assert_int_equal(run_target(targets), 8);
		assert_int_equal(fixture_value("hits"), 1);
		assert_int_equal(fixture_value("last_value"), cases[i].value);
		skep_link_close(link);
		run_target(targets);
		assert_int_equal(fixture_value("hits"), 1);
		fixture_leave();
	}
	skep_object_close(targets);
	skep_spec_free(target_spec);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fentry_and_fexit_fire_on_a_program),
		cmocka_unit_test(freplace_answers_until_it_is_closed),
		cmocka_unit_test(freplace_goes_to_another_target),
		cmocka_unit_test(freplace_that_is_no_match_is_told),
		cmocka_unit_test(targets_that_are_no_programs_are_refused),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
