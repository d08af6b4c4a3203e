// SPDX-License-Identifier: MIT
#include "kernel/support.h"

#include <errno.h>

#include "btf/builder.h"

static void a_program_is_loaded_and_its_instructions_can_be_read(void **state)
{
	struct skep_spec *spec;
	struct skep_object *object;
	struct skep_program *program;
	size_t n;

	(void)state;
	NEED_BPF();
	spec = open_fixture("load_minimal");
	object = load_spec(spec);
	assert_ptr_equal(skep_object_spec(object), spec);
	assert_int_equal(skep_object_n_programs(object), 1);
	program = skep_object_program(object, "minimal");
	assert_non_null(program);
	assert_ptr_equal(program, skep_object_program_at(object, 0));
	assert_null(skep_object_program_at(object, 1));
	assert_null(skep_object_program(object, "maximal"));
	assert_true(skep_program_fd(program) > 2);
	assert_null(skep_program_error(program));
	assert_null(skep_program_link(program));
	assert_string_equal(skep_program_log(program), "");
	assert_non_null(skep_program_insns(program, &n));
	assert_true(n >= 2);
	skep_object_close(object);
	skep_spec_free(spec);
}

static void globals_are_set_before_and_changed_while_running(void **state)
{
	struct skep_error err = { 0 };
	struct skep_spec *spec;
	struct skep_object *object;
	uint64_t step = 3, *hits, *limit;
	const uint32_t *pid;

	(void)state;
	NEED_BPF();
	spec = open_fixture("load_globals");
	only_this_process(spec);
	assert_int_equal(skep_spec_set_global(spec, "step", &step, sizeof(step), &err), 0);
	object = load_spec(spec);
	assert_int_equal(skep_object_attach(object, &err), 1);
	call_kernel(10);
	hits = skep_object_global(object, "hits", NULL, &err);
	assert_non_null(hits);
	assert_true(*hits >= 30);
	assert_int_equal(*hits % 3, 0);
	pid = skep_object_global(object, "last_pid", NULL, &err);
	assert_non_null(pid);
	assert_int_equal(*pid, getpid());
	limit = skep_object_global(object, "limit", NULL, &err);
	assert_int_equal(*limit, 1000);
	*limit = 0;
	step = *hits;
	call_kernel(10);
	assert_int_equal(*hits, step);
	pid = skep_object_global(object, "only_pid", NULL, &err);
	assert_int_equal(*pid, getpid());
	skep_object_close(object);
	skep_spec_free(spec);
}

static void unknown_and_unused_globals_are_told_apart(void **state)
{
	struct skep_error err = { 0 };
	struct skep_spec *spec;
	struct skep_object *object;

	(void)state;
	NEED_BPF();
	spec = open_fixture("load_globals");
	only_this_process(spec);
	object = load_spec(spec);
	assert_null(skep_object_global(object, "no_such", NULL, &err));
	assert_int_equal(err.code, ENOENT);
	assert_error_says(&err, "no_such");
	skep_object_close(object);
	skep_spec_free(spec);
}

static void the_log_of_a_good_program_is_kept_on_request(void **state)
{
	struct skep_object_opts opts = { .size = sizeof(opts), .log_level = 2 };
	struct skep_error err = { 0 };
	struct skep_spec *spec;
	struct skep_object *object;
	size_t whole;

	(void)state;
	NEED_BPF();
	spec = open_fixture("load_globals");
	object = skep_object_load(spec, &opts, &err);
	assert_ok(object, &err);
	whole = strlen(skep_program_log(skep_object_program_at(object, 0)));
	assert_non_null(strstr(skep_program_log(skep_object_program_at(object, 0)), "processed "));
	skep_object_close(object);
	opts.log_size = whole / 2;
	object = skep_object_load(spec, &opts, &err);
	assert_ok(object, &err);
	assert_non_null(strstr(skep_program_log(skep_object_program_at(object, 0)), "processed "));
	assert_true(strlen(skep_program_log(skep_object_program_at(object, 0))) <= whole);
	skep_object_close(object);
	skep_spec_free(spec);
}

static void fields_are_relocated_against_a_btf_of_the_callers(void **state)
{
	struct skep_object_opts opts = { .size = sizeof(opts) };
	struct skep_btf_builder *builder = skep_btf_builder_new();
	struct skep_error err = { 0 };
	struct skep_spec *spec;
	struct skep_object *object;
	struct skep_btf *btf;
	size_t len;
	void *data;

	(void)state;
	NEED_BPF();
	skep_btf_builder_int(builder, "int", 4, BTF_INT_SIGNED);
	skep_btf_builder_composite(builder, BTF_KIND_STRUCT, "task_struct", 64);
	skep_btf_builder_member(builder, "no_such_field", 1, 64, 0);
	data = skep_btf_builder_finish(builder, &len);
	skep_btf_builder_free(builder);
	btf = skep_btf_new(data, len, NULL, &err);
	assert_ok(btf, &err);
	spec = open_fixture("load_missing");
	opts.target_btf = btf;
	object = skep_object_load(spec, &opts, &err);
	assert_ok(object, &err);
	assert_true(skep_program_fd(skep_object_program(object, "reads_missing")) >= 0);
	skep_object_close(object);
	skep_spec_free(spec);
	skep_btf_free(btf);
	free(data);
}

static void a_spec_is_loaded_many_times(void **state)
{
	struct skep_spec *spec;
	struct skep_object *first, *second;

	(void)state;
	NEED_BPF();
	spec = open_fixture("load_globals");
	only_this_process(spec);
	first = load_spec(spec);
	second = load_spec(spec);
	assert_true(skep_map_fd(skep_object_map(first, ".bss")) !=
		    skep_map_fd(skep_object_map(second, ".bss")));
	skep_object_close(first);
	assert_int_equal(global_value(second, "limit"), 1000);
	skep_object_close(second);
	skep_spec_free(spec);
}

static void a_program_runs_by_hand(void **state)
{
	const struct skep_object_opts opts = { .size = sizeof(opts) };
	struct skep_program_run run = { .size = sizeof(run) };
	struct skep_error err = { 0 };
	uint8_t packet[64] = { 1, 2, 3 }, out[64] = { 0 };
	struct skep_spec *spec;
	struct skep_object *object;

	(void)state;
	NEED_BPF();
	spec = open_fixture("load_links");
	only_program(spec, "on_xdp");
	object = skep_object_load(spec, &opts, &err);
	assert_ok(object, &err);
	run.data_in = packet;
	run.data_in_len = sizeof(packet);
	run.data_out = out;
	run.data_out_len = sizeof(out);
	run.repeat = 5;
	assert_ok(!skep_program_test_run(skep_object_program(object, "on_xdp"), &run, &err), &err);
	assert_int_equal(run.retval, 2);
	assert_int_equal(run.data_out_len, sizeof(packet));
	assert_memory_equal(out, packet, sizeof(packet));
	assert_int_equal(global_value(object, "xdp_hits"), 5);
	assert_int_equal(skep_program_test_run(skep_object_program(object, "on_tp"), &run, &err),
			 -EBADF);
	assert_error_says(&err, "not loaded");
	skep_object_close(object);
	skep_spec_free(spec);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_program_is_loaded_and_its_instructions_can_be_read),
		cmocka_unit_test(globals_are_set_before_and_changed_while_running),
		cmocka_unit_test(unknown_and_unused_globals_are_told_apart),
		cmocka_unit_test(the_log_of_a_good_program_is_kept_on_request),
		cmocka_unit_test(fields_are_relocated_against_a_btf_of_the_callers),
		cmocka_unit_test(a_spec_is_loaded_many_times),
		cmocka_unit_test(a_program_runs_by_hand),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
