// SPDX-License-Identifier: MIT
/* What a programmer reads of functions of the kernel, their objects, dynptrs and iterators. */
#include "kernel/refusal_support.h"

/* What must be explained: name of the test, fixture, program, its line, words. */
#define REFUSALS(X)                                                                                \
	X(refusal_of_a_function_that_sleeps, refused_objects, sleepable_function, MARKED,          \
	  "may sleep, and the program must not")                                                   \
	X(refusal_of_a_map_in_a_program_that_sleeps, refused_objects, map_of_a_sleeper, NO_LINE,   \
	  "uses a map of a type that such programs may not use")                                   \
	X(refusal_of_tasks_that_nothing_keeps, refused_objects, tasks_without_rcu, MARKED,         \
	  "is used where nothing keeps what it finds")                                             \
	X(refusal_of_rcu_that_is_kept, refused_objects, rcu_without_end, NO_LINE,                  \
	  "bpf_rcu_read_unlock() is missing")                                                      \
	X(refusal_of_an_unlock_of_rcu_alone, refused_objects, rcu_without_begin, MARKED,           \
	  "without bpf_rcu_read_lock()")                                                           \
	X(refusal_of_an_object_that_may_be_gone, refused_objects, untrusted_argument, MARKED,      \
	  "may be gone by now")                                                                    \
	X(refusal_of_an_object_of_another_kind, refused_objects, another_struct, MARKED,           \
	  "points to STRUCT task_struct")                                                          \
	X(refusal_of_null_for_a_function_of_the_kernel, refused_objects, null_to_a_function,       \
	  MARKED, "may be NULL here")                                                              \
	X(refusal_of_writing_a_pointer_that_owns, refused_objects, owned_pointer_written, MARKED,  \
	  "which owns what it points to")                                                          \
	X(refusal_of_a_format_that_may_change, refused_objects, format_that_may_change, MARKED,    \
	  "the string in R3 may change")                                                           \
	X(refusal_of_a_helper_for_traced_functions, refused_objects, place_of_no_function, MARKED, \
	  "bpf_get_func_ip is for fentry")                                                         \
	X(refusal_of_a_dynptr_that_is_not_made, refused_objects, dynptr_not_made, MARKED,          \
	  "is not made yet")                                                                       \
	X(refusal_of_a_dynptr_of_another_kind, refused_objects, dynptr_of_another_kind, MARKED,    \
	  "is none of kind ringbuf|nothing that could be given back")                              \
	X(refusal_of_a_dynptr_made_twice, refused_objects, dynptr_made_twice, MARKED,              \
	  "where there is one already|holds a reserved record")                                    \
	X(refusal_of_a_dynptr_that_is_overwritten, refused_objects, dynptr_overwritten, NO_LINE,   \
	  "holds a reserved record|is not made yet")                                               \
	X(refusal_of_an_iterator_that_is_not_made, refused_objects, iterator_not_made, MARKED,     \
	  "is not made yet")                                                                       \
	X(refusal_of_an_iterator_made_twice, refused_objects, iterator_made_twice, MARKED,         \
	  "where there is one already")                                                            \
	X(refusal_of_a_tail_call_with_a_record, refused_objects, leaves_with_a_record, MARKED,     \
	  "with something not given back")                                                         \
	X(refusal_of_a_function_that_calls_itself, refused_objects, recursive, NO_LINE,            \
	  "leads back to|more than 8 deep|do not allow loops")                                     \
	X(refusal_of_a_global_function_without_a_number, refused_objects, global_without_a_number, \
	  NO_LINE, "is global and returns no number")                                              \
	X(refusal_of_an_address_of_a_variable, refused_objects, address_of_a_variable, NO_LINE,    \
	  "the address of its own variable")                                                       \
	X(refusal_of_changing_what_cannot_be_changed, refused_objects, unchangeable, NO_LINE,      \
	  "does not let programs change its result")                                               \
	X(refusal_of_what_c_leaves_undefined, refused_objects, undefined, MARKED,                  \
	  "the source does what C leaves undefined")                                               \
	X(refusal_of_a_variable_taken_for_unused, refused_objects, unused_variable, MARKED,        \
	  "that this kernel takes for unused")                                                     \
	X(refusal_of_a_field_that_only_whole_sockets_have, refused_objects, half_a_socket, MARKED, \
	  "(sock_common) has no field of 4 bytes at offset 12")                                    \
	X(refusal_of_pointers_of_two_kinds, refused_objects, pointers_of_two_kinds, MARKED,        \
	  "through pointers of two kinds")                                                         \
	X(refusal_of_an_offset_far_outside, refused_objects, far_outside, MARKED,                  \
	  "leads far outside of what")                                                             \
	X(refusal_of_two_pointers_together, refused_objects, two_pointers_together, MARKED,        \
	  "another pointer are put together by +=")                                                \
	X(refusal_of_half_a_pointer, refused_objects, half_a_pointer, MARKED, "is cut to 32 bits")

REFUSALS(REFUSAL_TEST)

int main(void)
{
	const struct CMUnitTest tests[] = { REFUSALS(REFUSAL_LISTED) };

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
