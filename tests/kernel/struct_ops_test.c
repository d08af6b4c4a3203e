// SPDX-License-Identifier: MIT
/* A TCP congestion control made of programs, registered and used by a connection. */
#include "kernel/fixture.h"
#include "kernel/struct_ops_support.h"

#include <errno.h>

static void congestion_control_serves_a_connection(void **state)
{
	struct ops ops;

	(void)state;
	NEED_OPS(&ops, "control", "");
	assert_false(ops_registered("skep_control"));
	ops_register(&ops);
	assert_string_equal(skep_link_label(ops.link), "struct_ops control (tcp_congestion_ops)");
	ops_use("skep_control");
	assert_true(global_value(ops.object, "inits") >= 1);
	assert_true(global_value(ops.object, "acks") >= 1);
	ops_unregister(&ops);
	assert_true(ops_go_away("skep_control"));
	ops_free(&ops);
}

static void object_registers_what_was_loaded(void **state)
{
	struct skep_error err = { 0 };
	struct ops ops;

	(void)state;
	NEED_OPS(&ops, "control", "");
	assert_ok(skep_object_attach(ops.object, &err) == 1, &err);
	ops_use("skep_control");
	skep_object_detach(ops.object);
	assert_true(ops_go_away("skep_control"));
	ops_free(&ops);
	/* Without a bpf_link, the source's wish as well as an older kernel's only way. */
	NEED_OPS(&ops, "old", "");
	assert_ok(skep_object_attach(ops.object, &err) == 1, &err);
	ops_use("skep_old");
	ops_free(&ops);
	assert_true(ops_go_away("skep_old"));
}

static void taken_names_and_missing_functions_are_told(void **state)
{
	struct skep_error err = { 0 };
	struct ops ops;

	(void)state;
	NEED_OPS(&ops, "control", "other");
	ops_register(&ops);
	assert_null(skep_map_attach_struct_ops(skep_object_map(ops.object, "other"), &err));
	assert_int_equal(err.code, EEXIST);
	assert_error_says(&err, "map 'other': the kernel has one of the same name already");
	ops_free(&ops);
	NEED_OPS(&ops, "partly", "");
	assert_null(skep_map_attach_struct_ops(ops.map, &err));
	assert_int_equal(err.code, EINVAL);
	assert_error_says(&err, "functions that every tcp_congestion_ops must have");
	assert_null(skep_map_attach_struct_ops(skep_object_map(ops.object, ".bss"), &err));
	assert_error_says(&err, "it is no struct_ops variable");
	assert_null(skep_map_attach_struct_ops(NULL, &err));
	assert_int_equal(skep_link_update_map(NULL, ops.map, NULL, &err), -EINVAL);
	ops_free(&ops);
}

/* What is wrong with a map that cannot be created, loading only that variable. */
static void expect_refusal(const char *name, const char *says)
{
	struct skep_spec *spec = ops_spec(name, "");
	struct skep_error err = { 0 };
	struct skep_object *object = skep_object_load(spec, NULL, &err);
	const struct skep_map *map = object ? skep_object_map(object, name) : NULL;

	if (map)
		err = *skep_map_error(map);
	assert_error_says(&err, says);
	skep_object_close(object);
	skep_spec_free(spec);
}

static void members_that_the_kernel_lacks_are_named(void **state)
{
	(void)state;
	NEED_JIT();
	expect_refusal("newer", "tcp_congestion_ops has no member 'new_function', which the source "
				"sets");
	expect_refusal("unknown", "it has no struct bpf_struct_ops_skep_no_such_ops");
}

static void member_that_the_kernel_lacks_may_be_taken_out(void **state)
{
	struct skep_error err = { 0 };
	struct skep_spec *spec;
	struct ops ops;

	(void)state;
	NEED_JIT();
	NEED_SANDBOX();
	spec = ops_spec("newer", "");
	assert_ok(!skep_map_spec_function(spec, skep_spec_map(spec, "newer"), "new_function", NULL,
					  &err),
		  &err);
	skep_spec_program(spec, "on_new")->load = false;
	NEED_OPS_OF(&ops, spec, "newer");
	assert_ok(skep_object_attach(ops.object, &err) == 1, &err);
	ops_use("skep_newer");
	ops_free(&ops);
	assert_true(ops_go_away("skep_newer"));
}

static void program_that_no_table_names_is_told(void **state)
{
	struct skep_error err = { 0 };
	struct skep_object *object;
	struct skep_spec *spec;

	(void)state;
	NEED_BPF();
	spec = open_fixture("struct_ops");
	only_program(spec, "on_unnamed");
	assert_null(skep_object_load(spec, NULL, &err));
	assert_error_says(&err, "no struct_ops variable names it");
	/* One that only tables name which were switched off is switched off with them. */
	only_program(spec, "on_nothing");
	for (size_t i = 0; i < spec->n_maps; i++)
		spec->maps[i]->create = spec->maps[i]->kind != SKEP_MAP_STRUCT_OPS;
	object = skep_object_load(spec, NULL, &err);
	assert_null(skep_program_error(skep_object_program(object, "on_nothing")));
	skep_object_close(object);
	skep_spec_free(spec);
}

static void program_is_associated_with_one_table(void **state)
{
	const struct skep_program *passes;
	struct skep_error err = { 0 };
	struct ops ops;
	int ret;

	(void)state;
	NEED_OPS(&ops, "control", "other");
	passes = fixture_load_one("load_metadata", "passes", NULL);
	ret = skep_program_associate(passes, ops.map, &err);
	if (ret == -ENOTSUP) {
		assert_error_says(&err, "associates no programs");
	} else {
		assert_ok(!ret, &err);
		assert_ok(!skep_program_associate(passes, ops.map, &err), &err);
		assert_int_equal(
			skep_program_associate(passes, skep_object_map(ops.object, "other"), &err),
			-EBUSY);
		assert_error_says(&err, "another table");
	}
	assert_int_equal(
		skep_program_associate(skep_object_program(ops.object, "on_init"), ops.map, &err),
		-EINVAL);
	assert_error_says(&err, "in a table of functions itself");
	fixture_leave();
	ops_free(&ops);
	if (ret)
		SKIP_TEST("this kernel associates no programs with tables");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(program_is_associated_with_one_table),
		cmocka_unit_test(congestion_control_serves_a_connection),
		cmocka_unit_test(object_registers_what_was_loaded),
		cmocka_unit_test(taken_names_and_missing_functions_are_told),
		cmocka_unit_test(members_that_the_kernel_lacks_are_named),
		cmocka_unit_test(member_that_the_kernel_lacks_may_be_taken_out),
		cmocka_unit_test(program_that_no_table_names_is_told),
	};

	return cmocka_run_group_tests_name("kernel", tests, sandbox_setup, sandbox_teardown);
}
