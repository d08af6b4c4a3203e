// SPDX-License-Identifier: MIT
#include "kernel/support.h"

#include <errno.h>
#include <unistd.h>

#include "btf/builder.h"
#include "kernel/bpf.h"

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
		cmocka_unit_test(a_program_is_loaded_and_its_instructions_can_be_read),
		cmocka_unit_test(globals_are_set_before_and_changed_while_running),
		cmocka_unit_test(unknown_and_unused_globals_are_told_apart),
		cmocka_unit_test(what_can_be_loaded_is_loaded),
		cmocka_unit_test(strict_fails_as_a_whole_and_leaves_nothing),
		cmocka_unit_test(an_object_without_a_good_program_fails_with_its_reason),
		cmocka_unit_test(a_map_that_was_switched_off_is_named_where_it_is_missed),
		cmocka_unit_test(a_foreign_object_is_refused_in_words),
		cmocka_unit_test(the_log_of_a_good_program_is_kept_on_request),
		cmocka_unit_test(externs_that_the_kernel_lacks_do_no_harm_unless_used),
		cmocka_unit_test(lines_of_called_functions_are_found),
		cmocka_unit_test(fields_are_relocated_against_a_btf_of_the_callers),
		cmocka_unit_test(a_spec_is_loaded_many_times),
		cmocka_unit_test(a_program_runs_by_hand),
		cmocka_unit_test(nothing_to_load_is_an_error_and_nothing_to_close_is_none),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
