// SPDX-License-Identifier: MIT
/* Objects whose BTF says more than older kernels know. */
#include "kernel/run_support.h"

static void types_of_all_kinds_come_with_their_maps(void **state)
{
	struct skep_map_info info = { .size = sizeof(info) };
	struct skep_error err = { 0 };
	struct skep_object *object;
	struct skep_spec *spec;

	(void)state;
	NEED_BPF();
	spec = open_fixture("load_btf");
	object = load_spec(spec);
	assert_ok(!skep_map_info(skep_object_map(object, "values"), &info, &err), &err);
	assert_true(info.btf_id > 0);
	assert_int_equal(info.value_type_id, skep_spec_map(spec, "values")->value_type_id);
	skep_object_close(object);
	skep_spec_free(spec);
}

static void arguments_are_contexts_by_their_tags(void **state)
{
	const struct {
		const char *program;
		uint32_t result;
	} cases[] = {
		{ "by_tc", RUN_PACKET_LEN + 1 },
		{ "by_socket", RUN_PACKET_LEN - 14 + 2 },
		{ "by_cgroup", 1 },
	};
	struct skep_error err = { 0 };
	struct skep_object *object;
	struct skep_spec *spec;

	(void)state;
	NEED_BPF();
	spec = open_fixture("load_btf");
	object = load_spec(spec);
	for (size_t i = 0; i < 3; i++) {
		struct skep_program_run run = input(PACKET);

		assert_ok(!skep_program_test_run(skep_object_program(object, cases[i].program),
						 &run, &err),
			  &err);
		assert_int_equal(run.retval, cases[i].result);
	}
	skep_object_close(object);
	skep_spec_free(spec);
}

/* Its caller passes a number for a context: not the tag is at fault. */
static void a_function_that_is_no_good_is_still_refused(void **state)
{
	struct skep_error err = { 0 };
	struct skep_spec *spec;

	(void)state;
	NEED_BPF();
	spec = open_fixture("load_btf");
	only_program(spec, "by_xdp");
	skep_spec_program(spec, "by_xdp")->type = BPF_PROG_TYPE_SYSCALL;
	assert_null(skep_object_load(spec, NULL, &err));
	assert_error_says(&err, "program 'by_xdp'");
	skep_spec_free(spec);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types_of_all_kinds_come_with_their_maps),
		cmocka_unit_test(arguments_are_contexts_by_their_tags),
		cmocka_unit_test(a_function_that_is_no_good_is_still_refused),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
