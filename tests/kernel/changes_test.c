// SPDX-License-Identifier: MIT
/* What a spec says of its programs, changed before they are loaded. */
#include "kernel/support.h"

#include <errno.h>

static struct skep_spec *open_one(const char *name)
{
	struct skep_spec *spec = open_fixture("load_changes");

	only_program(spec, name);
	only_this_process(spec);
	return spec;
}

/* Attaches the object's program, sees it run for this process, and not after it is detached. */
static void see_it_fire(struct skep_spec *spec)
{
	struct skep_object *object = load_spec(spec);
	struct skep_error err = { 0 };
	uint64_t calls;

	assert_ok(skep_object_attach(object, &err) == 1, &err);
	call_kernel(5);
	assert_true(global_value(object, "calls") >= 5);
	assert_int_equal(global_value(object, "number"), 7);
	skep_object_detach(object);
	calls = global_value(object, "calls");
	call_kernel(5);
	assert_int_equal(global_value(object, "calls"), calls);
	skep_object_close(object);
}

static void a_program_of_unknown_type_is_given_one(void **state)
{
	struct skep_program_spec *program;
	struct skep_error err = { 0 };
	struct skep_spec *spec;

	(void)state;
	NEED_BPF();
	spec = open_one("counts");
	program = skep_spec_program(spec, "counts");
	assert_null(skep_object_load(spec, NULL, &err));
	assert_error_says(&err, "who_knows/what");
	program->type = BPF_PROG_TYPE_RAW_TRACEPOINT;
	program->attach = true;
	assert_int_equal(skep_program_spec_target(spec, program, "sys_enter"), 0);
	see_it_fire(spec);
	skep_spec_free(spec);
}

static void a_program_becomes_what_another_section_says(void **state)
{
	static const char *const sections[] = { "raw_tp/sys_exit", "tp_btf/sys_enter" };
	struct skep_error err = { 0 };
	struct skep_spec *spec;

	(void)state;
	NEED_BPF();
	spec = open_one("counts");
	for (int i = 0; i < 2; i++) {
		struct skep_program_spec *program = skep_spec_program(spec, "counts");

		assert_ok(!skep_program_spec_section(spec, program, sections[i], &err), &err);
		program->attach = true;
		see_it_fire(spec);
	}
	skep_spec_free(spec);
}

static void flags_and_attach_type_reach_the_kernel(void **state)
{
	struct skep_error err = { 0 };
	struct skep_spec *spec;

	(void)state;
	NEED_BPF();
	spec = open_one("passes");
	skep_spec_program(spec, "counts")->type = BPF_PROG_TYPE_RAW_TRACEPOINT;
	skep_spec_program(spec, "passes")->flags = 1u << 30;
	assert_null(skep_object_load(spec, NULL, &err));
	assert_error_says(&err, "flags 0x40000000");
	skep_spec_program(spec, "passes")->flags = 0;
	skep_object_close(load_spec(spec));
	only_program(spec, "allows");
	skep_spec_program(spec, "allows")->attach_type = BPF_CGROUP_INET6_CONNECT;
	skep_object_close(load_spec(spec));
	skep_spec_program(spec, "allows")->attach_type = BPF_CGROUP_DEVICE;
	assert_null(skep_object_load(spec, NULL, &err));
	assert_error_says(&err, "program 'allows'");
	assert_error_says(&err, "(cgroup_device)");
	skep_spec_free(spec);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_program_of_unknown_type_is_given_one),
		cmocka_unit_test(a_program_becomes_what_another_section_says),
		cmocka_unit_test(flags_and_attach_type_reach_the_kernel),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
