// SPDX-License-Identifier: MIT
/* What a programmer reads when the verifier refuses a program: the line, the cause, the remedy. */
#include "kernel/support.h"

#include <errno.h>
#include <sys/utsname.h>

/* Loads one program alone, which must be refused. */
static struct skep_error refuse(const char *fixture, const char *program)
{
	struct skep_error err = { 0 };
	struct skep_spec *spec = open_fixture(fixture);
	char part[128];

	only_program(spec, program);
	assert_null(skep_object_load(spec, NULL, &err));
	skep_spec_free(spec);
	snprintf(part, sizeof(part), "program '%s'", program);
	assert_error_says(&err, part);
	assert_error_says(&err, "refused by the verifier");
	assert_true(err.hint[0] != '\0');
	assert_true(err.log[0] != '\0');
	return err;
}

/*
 * The file's name and line of "refused here" are in the message; and the words.
 */
static void refused_with(const char *program, const char *source_line, const char *words)
{
	struct skep_error err = refuse("load_refused", program);

	assert_error_says(&err, "load_refused.bpf.c:");
	if (source_line)
		assert_error_says(&err, source_line);
	assert_error_says(&err, words);
}

#define REFUSAL(test, program, source_line, words)         \
	static void test(void **state)                     \
	{                                                  \
		(void)state;                               \
		NEED_BPF();                                \
		refused_with(program, source_line, words); \
	}

REFUSAL(refusal_of_a_value_that_may_be_null, "null_value", "return value->words[1];",
	"may be NULL here")
REFUSAL(refusal_of_a_number_as_pointer, "number_as_pointer", "return *task;", "a plain number")
REFUSAL(refusal_of_an_access_beyond_the_packet, "packet_end", "return data[13];",
	"beyond the packet's end")
REFUSAL(refusal_of_an_unreleased_record, "unreleased", "bpf_ringbuf_reserve",
	"not given back on every path")
REFUSAL(refusal_of_too_much_stack, "too_much_stack", NULL, "512 bytes")
REFUSAL(refusal_of_too_many_steps, "too_long", NULL, "too many paths")
REFUSAL(refusal_of_a_helper_that_no_kernel_has, "unknown_helper", "return no_such(ctx);",
	"has no helper")
REFUSAL(refusal_of_a_helper_of_other_types, "foreign_helper", "return redirect(1, 0);",
	"for programs of this type")
REFUSAL(refusal_of_an_endless_loop, "endless", NULL, "the loop never ends")
REFUSAL(refusal_of_a_register_without_value, "unset_register", NULL, "R6 has no value here")
REFUSAL(refusal_of_a_wrong_argument, "wrong_argument", "bpf_map_delete_elem",
	"R1 is a plain number")
REFUSAL(refusal_of_a_field_beyond_the_context, "beyond_context", "return ctx[100];",
	"no readable field of 4 bytes at offset 400")
REFUSAL(refusal_of_an_index_beyond_the_value, "beyond_value", "return value->words[variable];",
	"beyond")
REFUSAL(refusal_of_writing_a_constant, "into_constant", "constant = 6;", "cannot be written")
REFUSAL(refusal_of_a_size_without_limit, "unlimited_size", "bpf_probe_read_kernel",
	"the size in R2")
REFUSAL(refusal_of_a_wrong_result, "wrong_result", NULL, "must be within")
REFUSAL(refusal_of_a_stack_address_beyond_512_bytes, "beyond_stack", NULL,
	"the stack ends before offset -520")
REFUSAL(refusal_of_giving_back_twice, "submitted_twice", "bpf_ringbuf_submit",
	"R1 is a plain number")

static void refusal_of_gpl_functions_without_a_license(void **state)
{
	struct skep_error err;

	(void)state;
	NEED_BPF();
	err = refuse("load_nolicense", "unlicensed");
	assert_error_says(&err, "only GPL-compatible programs may call");
	assert_error_says(&err, "the object has no license section; add "
				"char LICENSE[] SEC(\"license\") = \"GPL\"");
}

static void refusal_of_a_missing_field_names_it(void **state)
{
	struct skep_error err;

	(void)state;
	NEED_BPF();
	err = refuse("load_missing", "reads_missing");
	assert_error_says(&err, "no_such_field");
	assert_error_says(&err, "task_struct");
	assert_error_says(&err, "bpf_core_field_exists");
	assert_error_says(&err, "load_missing.bpf.c:");
	assert_false(error_says(&err, "195896080"));
}

static void a_missing_field_behind_a_check_does_no_harm(void **state)
{
	struct skep_spec *spec;

	(void)state;
	NEED_BPF();
	spec = open_fixture("load_missing");
	only_program(spec, "checks_first");
	skep_object_close(load_spec(spec));
	skep_spec_free(spec);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refusal_of_a_value_that_may_be_null),
		cmocka_unit_test(refusal_of_a_number_as_pointer),
		cmocka_unit_test(refusal_of_an_access_beyond_the_packet),
		cmocka_unit_test(refusal_of_an_unreleased_record),
		cmocka_unit_test(refusal_of_too_much_stack),
		cmocka_unit_test(refusal_of_too_many_steps),
		cmocka_unit_test(refusal_of_a_helper_that_no_kernel_has),
		cmocka_unit_test(refusal_of_a_helper_of_other_types),
		cmocka_unit_test(refusal_of_an_endless_loop),
		cmocka_unit_test(refusal_of_a_register_without_value),
		cmocka_unit_test(refusal_of_a_wrong_argument),
		cmocka_unit_test(refusal_of_a_field_beyond_the_context),
		cmocka_unit_test(refusal_of_an_index_beyond_the_value),
		cmocka_unit_test(refusal_of_writing_a_constant),
		cmocka_unit_test(refusal_of_a_size_without_limit),
		cmocka_unit_test(refusal_of_a_wrong_result),
		cmocka_unit_test(refusal_of_a_stack_address_beyond_512_bytes),
		cmocka_unit_test(refusal_of_giving_back_twice),
		cmocka_unit_test(refusal_of_gpl_functions_without_a_license),
		cmocka_unit_test(refusal_of_a_missing_field_names_it),
		cmocka_unit_test(a_missing_field_behind_a_check_does_no_harm),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
