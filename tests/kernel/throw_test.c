// SPDX-License-Identifier: MIT
/* Programs that throw: what their callbacks return is what they return. */
#include "kernel/run_support.h"

#define NEED_EXCEPTIONS()                                                              \
	do {                                                                           \
		NEED_JIT();                                                            \
		if (!skep_btf_find(skep_btf_kernel(NULL), "bpf_throw", BTF_KIND_FUNC)) \
			SKIP_TEST("this kernel has no bpf_throw");                     \
		NEED_TO_LOAD("load_throws", "throws_alone");                           \
	} while (0)

static uint32_t run_with(const struct skep_object *object, const char *name, uint32_t length)
{
	struct skep_program_run run = input(PACKET);
	struct skep_error err = { 0 };

	run.data_in_len = length;
	assert_ok(!skep_program_test_run(skep_object_program(object, name), &run, &err), &err);
	return run.retval;
}

static void what_is_thrown_goes_to_the_callback(void **state)
{
	struct skep_spec *spec;
	struct skep_object *object;

	(void)state;
	NEED_EXCEPTIONS();
	spec = open_fixture("load_throws");
	object = load_spec(spec);
	assert_int_equal(run_with(object, "throws_at_once", 60), 42);
	assert_int_equal(global_value(object, "thrown"), 21);
	assert_int_equal(run_with(object, "throws_in_a_function", 60), 60);
	assert_int_equal(global_value(object, "thrown"), 21);
	assert_int_equal(run_with(object, "throws_in_a_function", 61), 7);
	assert_int_equal(global_value(object, "thrown"), 61);
	assert_int_equal(run_with(object, "throws_alone", 59), 59);
	skep_object_close(object);
	skep_spec_free(spec);
}

static void another_callback_may_be_set_before_loading(void **state)
{
	struct skep_spec *spec;
	struct skep_object *object;

	(void)state;
	NEED_EXCEPTIONS();
	spec = open_fixture("load_throws");
	skep_spec_program(spec, "throws_in_a_function")->exception_callback = "no_such";
	object = skep_object_load(spec, NULL, NULL);
	assert_non_null(object);
	assert_error_says(skep_program_error(skep_object_program(object, "throws_in_a_function")),
			  "'no_such' is no function of the object");
	assert_int_equal(run_with(object, "throws_at_once", 60), 42);
	skep_object_close(object);
	skep_spec_free(spec);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_thrown_goes_to_the_callback),
		cmocka_unit_test(another_callback_may_be_set_before_loading),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
