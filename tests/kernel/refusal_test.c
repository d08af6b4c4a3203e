// SPDX-License-Identifier: MIT
/* What a programmer reads when the verifier refuses a program: the line, the cause, the remedy. */
#include "kernel/refusal_support.h"

/* What must be explained: name of the test, fixture, program, its line, words. */
#define REFUSALS(X)                                                                                \
	X(refusal_of_a_value_that_may_be_null, load_refused, null_value, MARKED,                   \
	  "may be NULL here")                                                                      \
	X(refusal_of_a_number_as_pointer, load_refused, number_as_pointer, MARKED,                 \
	  "a plain number")                                                                        \
	X(refusal_of_an_access_beyond_the_packet, load_refused, packet_end, MARKED,                \
	  "beyond the packet's end")                                                               \
	X(refusal_of_an_unreleased_record, load_refused, unreleased, NO_LINE,                      \
	  "not given back on every path")                                                          \
	X(refusal_of_too_much_stack, load_refused, too_much_stack, NO_LINE, "512 bytes")           \
	X(refusal_of_too_many_steps, load_refused, too_long, NO_LINE, "too many paths")            \
	X(refusal_of_a_helper_that_no_kernel_has, load_refused, unknown_helper, MARKED,            \
	  "has no helper")                                                                         \
	X(refusal_of_a_helper_of_other_types, load_refused, foreign_helper, MARKED,                \
	  "for programs of this type")                                                             \
	X(refusal_of_an_endless_loop, load_refused, endless, NO_LINE, "the loop never ends")       \
	X(refusal_of_a_register_without_value, load_refused, unset_register, NO_LINE,              \
	  "R6 has no value here")                                                                  \
	X(refusal_of_a_wrong_argument, load_refused, wrong_argument, MARKED,                       \
	  "R1 is a plain number")                                                                  \
	X(refusal_of_a_field_beyond_the_context, load_refused, beyond_context, MARKED,             \
	  "no field of 4 bytes at offset 400 that may be read")                                    \
	X(refusal_of_an_index_beyond_the_value, load_refused, beyond_value, MARKED,                \
	  "beyond|no upper limit")                                                                 \
	X(refusal_of_writing_a_constant, load_refused, into_constant, MARKED, "cannot be written") \
	X(refusal_of_a_size_without_limit, load_refused, unlimited_size, MARKED, "the size in R2") \
	X(refusal_of_a_wrong_result, load_refused, wrong_result, NO_LINE,                          \
	  "the return value is 17 and must be within 0 to")                                        \
	X(refusal_of_a_stack_address_beyond_512_bytes, load_refused, beyond_stack, MARKED,         \
	  "8 bytes at offset -520 are not within the stack")                                       \
	X(refusal_of_giving_back_twice, load_refused, submitted_twice, MARKED,                     \
	  "R1 is a plain number")                                                                  \
	X(refusal_of_computing_with_null, refused_memory, null_moved, MARKED,                      \
	  "computed with before it is checked")                                                    \
	X(refusal_of_passing_null, refused_memory, null_passed, MARKED,                            \
	  "R1 may be NULL here, which the called function does not take")                          \
	X(refusal_of_a_negative_index, refused_memory, negative_index, MARKED, "may be negative")  \
	X(refusal_of_a_negative_size, refused_memory, negative_size, MARKED, "the size in R2")     \
	X(refusal_of_a_size_of_zero, refused_memory, size_of_zero, MARKED, "may be 0")             \
	X(refusal_of_a_size_beyond_the_buffer, refused_memory, size_beyond_buffer, MARKED,         \
	  "32 bytes at offset -16 are not within the stack")                                       \
	X(refusal_of_a_size_beyond_the_value, refused_memory, size_beyond_value, MARKED,           \
	  "72 bytes at offset 0 are not within the map value's 64 bytes")                          \
	X(refusal_of_an_access_before_the_value, refused_memory, before_value, MARKED,             \
	  "8 bytes at offset -8 are not within the map value's 64")                                \
	X(refusal_of_an_access_beyond_the_record, refused_memory, beyond_record, MARKED,           \
	  "8 bytes at offset 8 are not within the memory's 8 bytes")                               \
	X(refusal_of_reading_a_write_only_map, refused_memory, reads_write_only, MARKED,           \
	  "write-only for programs")                                                               \
	X(refusal_of_writing_a_read_only_map, refused_memory, writes_read_only, MARKED,            \
	  "read-only for programs")                                                                \
	X(refusal_of_writing_the_context, refused_memory, writes_context, MARKED,                  \
	  "8 bytes at offset 0 that may be written")                                               \
	X(refusal_of_the_context_by_index, refused_memory, context_by_index, MARKED,               \
	  "at an offset that is not a constant")                                                   \
	X(refusal_of_a_moved_context, refused_memory, context_moved, MARKED, "R1 was moved by 8")  \
	X(refusal_of_the_stack_between_words, refused_memory, stack_between_words, MARKED,         \
	  "an offset that is no multiple of them")                                                 \
	X(refusal_of_the_stack_by_an_index_without_limit, refused_memory,                          \
	  stack_by_unlimited_index, MARKED, "index")                                               \
	X(refusal_of_the_stack_by_a_wide_index, refused_memory, stack_by_wide_index, MARKED,       \
	  "index")                                                                                 \
	X(refusal_of_a_record_of_variable_size, refused_memory, record_of_variable_size, MARKED,   \
	  "R2 must be a constant here|R2 unbounded size")                                          \
	X(refusal_of_a_helper_of_other_maps, refused_calls, queue_of_hash, MARKED,                 \
	  "bpf_map_push_elem does not work on a map of type hash")                                 \
	X(refusal_of_a_tail_call_by_another_map, refused_calls, tail_call_by_hash, MARKED,         \
	  "prog_array")                                                                            \
	X(refusal_of_a_variable_as_map, refused_calls, number_as_map, MARKED,                      \
	  "the called function takes map_ptr")                                                     \
	X(refusal_of_an_inner_map_unchecked, refused_calls, inner_map_unchecked, MARKED,           \
	  "R1 may be NULL here")                                                                   \
	X(refusal_of_calls_while_locked, refused_calls, calls_while_locked, MARKED,                \
	  "between bpf_spin_lock() and bpf_spin_unlock()")                                         \
	X(refusal_of_a_lock_that_is_kept, refused_calls, stays_locked, NO_LINE,                    \
	  "a lock is still held")                                                                  \
	X(refusal_of_a_second_lock, refused_calls, locks_twice, MARKED, "bpf_spin_unlock()")       \
	X(refusal_of_writing_a_lock, refused_calls, writes_lock, MARKED,                           \
	  "a bpf_spin_lock in a map's value is read or written directly")                          \
	X(refusal_of_locks_in_tracing, refused_calls, lock_while_tracing, NO_LINE,                 \
	  "tracing types cannot use bpf_spin_lock")                                                \
	X(refusal_of_a_multiplied_pointer, refused_calls, multiplied_pointer, MARKED,              \
	  "R1 is a pointer, and *= makes no pointer of it")                                        \
	X(refusal_of_a_division_by_zero, refused_calls, divides_by_zero, MARKED,                   \
	  "divides by the constant 0")                                                             \
	X(refusal_of_a_shift_too_far, refused_calls, shifts_too_far, MARKED, "a shift by 64 bits") \
	X(refusal_of_moving_the_stack, refused_calls, moves_stack, NO_LINE,                        \
	  "R10, the stack's address, cannot be changed")                                           \
	X(refusal_of_a_program_without_end, refused_calls, runs_past_its_end, NO_LINE,             \
	  "runs past the program's end")                                                           \
	X(refusal_of_code_that_is_never_reached, refused_calls, never_reached, NO_LINE,            \
	  "never reached")                                                                         \
	X(refusal_of_an_atomic_operation_on_the_context, refused_calls, atomic_on_context, MARKED, \
	  "an atomic operation on R1, which is ctx")                                               \
	X(refusal_of_sleeping_where_it_must_not, refused_calls, sleeps, MARKED,                    \
	  "may sleep|for programs of this type")                                                   \
	X(refusal_of_calls_nine_deep, refused_calls, calls_too_deep, NO_LINE, "more than 8 deep")  \
	X(refusal_of_an_unchecked_argument_of_a_global_function, refused_calls,                    \
	  global_argument_unchecked, MARKED, "R1 may be NULL here")                                \
	X(refusal_of_a_callback_s_result, refused_calls, callback_result, NO_LINE,                 \
	  "must be within 0 to 1")                                                                 \
	X(refusal_of_submitting_what_was_not_reserved, refused_calls, submits_address, MARKED,     \
	  "R1 is fp here")                                                                         \
	X(refusal_of_a_packet_pointer_from_before, refused_network, stale_packet, MARKED,          \
	  "nor is a packet pointer after a helper that changes the packet")                        \
	X(refusal_of_a_check_that_is_too_short, refused_network, short_check, MARKED,              \
	  "1 byte at offset 14 may be beyond the packet's end")                                    \
	X(refusal_of_a_packet_offset_without_limit, refused_network, unlimited_offset, MARKED,     \
	  "needs a limit of its own")                                                              \
	X(refusal_of_writing_a_packet, refused_network, writes_packet, MARKED,                     \
	  "may not change the packet")                                                             \
	X(refusal_of_a_packet_in_a_socket_filter, refused_network, packet_of_socket_filter,        \
	  MARKED, "4 bytes at offset 76 that may be read")                                         \
	X(refusal_of_writing_a_read_only_field, refused_network, writes_field, MARKED,             \
	  "4 bytes at offset 12 that may be written")                                              \
	X(refusal_of_a_field_read_too_wide, refused_network, half_field, MARKED,                   \
	  "8 bytes at offset 12 that may be read")                                                 \
	X(refusal_of_a_socket_that_is_kept, refused_network, socket_kept, MARKED,                  \
	  "not given back on every path")                                                          \
	X(refusal_of_a_socket_unchecked, refused_network, socket_unchecked, MARKED,                \
	  "may be NULL here")                                                                      \
	X(refusal_of_a_socket_released_twice, refused_network, socket_released_twice, MARKED,      \
	  "what was given back is a number from then on")                                          \
	X(refusal_of_a_pointer_as_result, refused_network, returns_pointer, NO_LINE,               \
	  "is a pointer")                                                                          \
	X(refusal_of_a_verdict_out_of_range, refused_network, allows_too_much, NO_LINE,            \
	  "the return value is 5 and must be within 0 to 1")                                       \
	X(refusal_of_a_field_beyond_the_struct, refused_kernel, beyond_struct, MARKED,             \
	  "8 bytes at offset 32000 are beyond struct task_struct")                                 \
	X(refusal_of_writing_a_kernel_struct, refused_kernel, writes_struct, MARKED,               \
	  "kernel memory cannot be written")                                                       \
	X(refusal_of_a_kernel_struct_by_index, refused_kernel, struct_by_index, MARKED,            \
	  "struct task_struct is read at an offset that is not a constant")                        \
	X(refusal_of_an_argument_beyond_the_last, refused_kernel, argument_beyond_last, MARKED,    \
	  "has fewer arguments than are read here")

REFUSALS(REFUSAL_TEST)

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
	assert_null(strstr(err.log, "195896080"));
}

/* A program that reaches what is missing; no number of a poisoned call is shown. */
static void refuse_missing(const char *program, const char *says, const char *advice)
{
	struct skep_spec *spec = open_fixture("load_missing");
	struct skep_error err = { 0 };

	only_program(spec, program);
	skep_spec_map(spec, "optional")->create = false;
	assert_null(skep_object_load(spec, NULL, &err));
	assert_error_says(&err, says);
	assert_error_says(&err, advice);
	assert_error_says(&err, "load_missing.bpf.c:");
	assert_null(strstr(err.cause, "00000"));
	assert_null(strstr(err.log, "unknown#"));
	assert_non_null(strstr(err.log, says));
	skep_spec_free(spec);
}

static void refusal_of_what_is_missing_names_it(void **state)
{
	(void)state;
	NEED_BPF();
	refuse_missing("uses_map", "it uses map 'optional', which was not created",
		       "test a constant");
	refuse_missing("calls_function",
		       "it calls 'skep_no_such_kfunc', which this kernel does not have",
		       "bpf_ksym_exists()");
	refuse_missing("calls_undefined",
		       "it calls 'skep_undefined', which the object does not define", "__ksym");
}

static void what_is_missing_behind_a_check_does_no_harm(void **state)
{
	static const char *const programs[] = { "asks_for_map", "asks_for_function",
						"asks_for_undefined" };

	(void)state;
	NEED_BPF();
	for (int i = 0; i < 3; i++) {
		struct skep_program_run run = { .size = sizeof(run) };
		struct skep_spec *spec = open_fixture("load_missing");
		struct skep_error err = { 0 };
		struct skep_object *object;

		only_program(spec, programs[i]);
		skep_spec_map(spec, "optional")->create = false;
		object = load_spec(spec);
		assert_ok(!skep_program_test_run(skep_object_program(object, programs[i]), &run,
						 &err),
			  &err);
		assert_int_equal(run.retval, 3);
		skep_object_close(object);
		skep_spec_free(spec);
	}
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
		REFUSALS(REFUSAL_LISTED)
			cmocka_unit_test(refusal_of_gpl_functions_without_a_license),
		cmocka_unit_test(refusal_of_a_missing_field_names_it),
		cmocka_unit_test(refusal_of_what_is_missing_names_it),
		cmocka_unit_test(what_is_missing_behind_a_check_does_no_harm),
		cmocka_unit_test(a_missing_field_behind_a_check_does_no_harm),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
