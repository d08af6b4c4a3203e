// SPDX-License-Identifier: MIT
/* Objects of which some cannot be loaded, or nothing. */
#include "kernel/support.h"

#include <errno.h>

#include "kernel/bpf.h"

static void what_can_be_loaded_is_loaded(void **state)
{
	struct skep_error err = { 0 };
	struct skep_spec *spec;
	struct skep_object *object;
	const struct skep_error *why;

	(void)state;
	NEED_BPF();
	spec = open_fixture("load_partly");
	object = skep_object_load(spec, NULL, &err);
	assert_ok(object, &err);
	assert_true(skep_program_fd(skep_object_program(object, "good")) >= 0);
	assert_null(skep_program_error(skep_object_program(object, "good")));

	why = skep_program_error(skep_object_program(object, "refused"));
	assert_non_null(why);
	assert_error_says(why, "program 'refused' (raw_tp/sys_enter) refused by the verifier at "
			       "load_partly.bpf.c:");
	assert_error_says(why, "return *value;");
	assert_true(strlen(skep_program_log(skep_object_program(object, "refused"))) > 0);

	why = skep_program_error(skep_object_program(object, "without_map"));
	assert_non_null(why);
	assert_error_says(why, "program 'without_map' (raw_tp/sys_enter): its map 'no_such_type' "
			       "could not be created");

	why = skep_program_error(skep_object_program(object, "unknown"));
	assert_non_null(why);
	assert_error_says(why, "who_knows/what");

	why = skep_program_error(skep_object_program(object, "without_hook"));
	assert_non_null(why);
	assert_error_says(why, "no_such_tracepoint");

	assert_int_equal(skep_program_fd(skep_object_program(object, "switched_off")), -1);
	assert_null(skep_program_error(skep_object_program(object, "switched_off")));
	skep_object_close(object);
	skep_spec_free(spec);
}

static void strict_fails_as_a_whole_and_leaves_nothing(void **state)
{
	const struct skep_object_opts opts = { .size = sizeof(opts), .strict = true };
	struct skep_error err = { 0 };
	struct skep_spec *spec;
	size_t fds;

	(void)state;
	NEED_BPF();
	spec = open_fixture("load_partly");
	fds = count_fds();
	assert_null(skep_object_load(spec, &opts, &err));
	assert_error_says(&err, "load_partly");
	assert_true(err.code != 0);
	assert_int_equal(count_fds(), fds);
	skep_spec_free(spec);
}

static void an_object_without_a_good_program_fails_with_its_reason(void **state)
{
	struct skep_error err = { 0 };
	struct skep_spec *spec;

	(void)state;
	NEED_BPF();
	spec = open_fixture("load_partly");
	only_program(spec, "unknown");
	assert_null(skep_object_load(spec, NULL, &err));
	assert_int_equal(err.code, EINVAL);
	assert_error_says(&err, "who_knows/what");
	skep_spec_free(spec);
}

static void a_map_that_was_switched_off_is_named_where_it_is_missed(void **state)
{
	struct skep_error err = { 0 };
	struct skep_spec *spec;

	(void)state;
	NEED_BPF();
	spec = open_fixture("load_partly");
	only_program(spec, "without_map");
	skep_spec_map(spec, "no_such_type")->create = false;
	assert_null(skep_object_load(spec, NULL, &err));
	assert_error_says(&err, "map 'no_such_type', which was not created");
	skep_spec_free(spec);
}

static void a_foreign_object_is_refused_in_words(void **state)
{
	struct skep_error err = { 0 };
	struct skep_spec *spec;

	(void)state;
	spec = skep_spec_open(fixture_path(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ?
						   "load_minimal.eb.o" :
						   "load_minimal.el.o"),
			      NULL, &err);
	assert_ok(spec, &err);
	assert_null(skep_object_load(spec, NULL, &err));
	assert_int_equal(err.code, EINVAL);
	assert_error_says(&err, __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? "big-endian" :
									    "little-endian");
	skep_spec_free(spec);
}

static void externs_that_the_kernel_lacks_do_no_harm_unless_used(void **state)
{
	struct skep_error err = { 0 };
	struct skep_spec *spec;
	struct skep_object *object;
	struct bpf_prog_info info = { 0 };

	(void)state;
	NEED_BPF();
	spec = open_fixture("load_externs");
	object = skep_object_load(spec, NULL, &err);
	assert_ok(object, &err);
	assert_true(skep_program_fd(skep_object_program(object, "without_externs")) >= 0);
	assert_int_equal(skep_program_fd(skep_object_program(object, "calls_missing")), -1);
	assert_error_says(skep_program_error(skep_object_program(object, "calls_missing")),
			  "bpf_no_such_kfunc");
	/* The object's BTF was taken: the program has it. */
	assert_int_equal(
		skep_bpf_info(skep_program_fd(skep_object_program(object, "without_externs")),
			      &info, sizeof(info)),
		0);
	assert_true(info.btf_id != 0);
	assert_true(info.nr_line_info > 0);
	skep_object_close(object);
	skep_spec_free(spec);
}

static void lines_of_called_functions_are_found(void **state)
{
	struct skep_program_run run = { .size = sizeof(run) };
	uint8_t packet[64] = { 0 };
	struct skep_error err = { 0 };
	struct skep_spec *spec;
	struct skep_object *object;
	const struct skep_error *why;

	(void)state;
	NEED_BPF();
	spec = open_fixture("load_calls");
	object = skep_object_load(spec, NULL, &err);
	assert_ok(object, &err);
	run.data_in = packet;
	run.data_in_len = sizeof(packet);
	assert_ok(!skep_program_test_run(skep_object_program(object, "calls_once"), &run, &err),
		  &err);
	assert_int_equal(run.retval, 22);
	why = skep_program_error(skep_object_program(object, "calls_two"));
	assert_non_null(why);
	assert_error_says(why, "load_calls.bpf.c:16");
	assert_error_says(why, "return *number;");
	skep_object_close(object);
	skep_spec_free(spec);
}

static void nothing_to_load_is_an_error_and_nothing_to_close_is_none(void **state)
{
	struct skep_error err = { 0 };

	(void)state;
	assert_null(skep_object_load(NULL, NULL, &err));
	assert_int_equal(err.code, EINVAL);
	assert_null(skep_object_load(NULL, NULL, NULL));
	skep_object_close(NULL);
	skep_link_close(NULL);
}

static void code_that_multiplies_is_refused(void **state)
{
	size_t loaded = 0, refused = 0;
	struct skep_object *object;
	struct skep_spec *spec;

	(void)state;
	NEED_BPF();
	spec = open_fixture("load_multiplied");
	object = skep_object_load(spec, NULL, NULL);
	assert_non_null(object);
	for (size_t i = 0; i < skep_object_n_programs(object); i++) {
		const struct skep_program *program = skep_object_program_at(object, i);
		const struct skep_error *why = skep_program_error(program);

		loaded += skep_program_fd(program) >= 0;
		if (!why)
			continue;
		assert_int_equal(why->code, E2BIG);
		assert_error_says(why, "16 times its size");
		refused++;
	}
	assert_true(loaded >= 8);
	assert_true(refused >= 8);
	skep_object_close(object);
	skep_spec_free(spec);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(code_that_multiplies_is_refused),
		cmocka_unit_test(what_can_be_loaded_is_loaded),
		cmocka_unit_test(strict_fails_as_a_whole_and_leaves_nothing),
		cmocka_unit_test(an_object_without_a_good_program_fails_with_its_reason),
		cmocka_unit_test(a_map_that_was_switched_off_is_named_where_it_is_missed),
		cmocka_unit_test(a_foreign_object_is_refused_in_words),
		cmocka_unit_test(externs_that_the_kernel_lacks_do_no_harm_unless_used),
		cmocka_unit_test(lines_of_called_functions_are_found),
		cmocka_unit_test(nothing_to_load_is_an_error_and_nothing_to_close_is_none),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
