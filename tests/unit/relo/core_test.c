// SPDX-License-Identifier: MIT
/* CO-RE: where fields are, and how wide; answered from another BTF. */
#include <linux/types.h>

#include "core_answers.h"

static void field_offset_is_the_targets(void **state)
{
	static const struct expected list[] = {
		{ "offset_first", OFFSET, PLACE(first) },
		{ "offset_second", OFFSET, PLACE(second) },
		{ "offset_nested", OFFSET, PLACE(nested.deep) },
		{ "offset_qualified", OFFSET, PLACE(qualified) },
		{ "offset_store", OFFSET, PLACE(first) },
		{ "offset_chain", OFFSET, PLACE(parent) },
		{ "offset_address", NUMBER, PLACE(second) },
		{ "byte_offset", NUMBER, PLACE(second) },
		{ "offset_typedef", OFFSET, offsetof(named_by_typedef, inside) },
	};

	(void)state;
	check_both(list, COUNT(list));
}

static void field_is_found_through_anonymous_members(void **state)
{
	static const struct expected list[] = {
		{ "offset_hidden", OFFSET, PLACE(hidden) },
		{ "offset_in_union", OFFSET, PLACE(in_union) },
		{ "exists_hidden", NUMBER, 1 },
	};

	(void)state;
	check_both(list, COUNT(list));
}

static void elements_have_the_targets_size_and_bounds(void **state)
{
	static const struct expected list[] = {
		{ "offset_element", OFFSET, PLACE(elements) + 2 * sizeof(__u32) },
		{ "offset_matrix", NUMBER, PLACE(matrix) + 2 * 5 * sizeof(__u32) },
		{ "offset_of_element", OFFSET, PLACE(structs) + 3 * 2 * sizeof(__u32) },
		{ "offset_after_array", OFFSET, 2 * sizeof(struct moved) + PLACE(first) },
		{ "offset_of_union", OFFSET, 1 },
		{ "offset_flexible", OFFSET, offsetof(struct flexible, items) + 5 * sizeof(__u32) },
		{ "offset_no_element", POISON, 0 },
		{ "offset_almost_flexible", POISON, 0 },
	};

	(void)state;
	check_both(list, COUNT(list));
}

static void what_the_target_has_not_is_poisoned(void **state)
{
	static const struct expected list[] = {
		{ "offset_gone", POISON, 0 },	      { "offset_missing", POISON, 0 },
		{ "offset_other_kind", POISON, 0 },   { "offset_flavor_gone", POISON, 0 },
		{ "size_gone", POISON, 0 },	      { "value_gone", POISON, 0 },
		{ "offset_wider_signed", POISON, 0 }, { "value_huge_gone", POISON, 0 },
	};

	(void)state;
	check_both(list, COUNT(list));
}

static void both_halves_of_a_wide_instruction_are_poisoned(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct relo_fixture f;
		struct skep_code code;

		open_relo(&f, orders[i]);
		assert_ok(relocate(&f, "value_huge_gone", &code) == 0, &f.err);
		assert_true(is_poisoned(relocated(&f, &code, 0)));
		assert_true(is_poisoned(relocated(&f, &code, 0) + 1));
		skep_code_free(&code);
		close_relo(&f);
	}
}

static void existence_is_one_or_zero(void **state)
{
	static const struct expected list[] = {
		{ "exists_first", NUMBER, 1 },	    { "exists_gone", NUMBER, 0 },
		{ "exists_other_kind", NUMBER, 0 }, { "exists_missing", NUMBER, 0 },
		{ "exists_flavor", NUMBER, 0 },
	};

	(void)state;
	check_both(list, COUNT(list));
}

static void size_and_sign_are_the_targets(void **state)
{
	static const struct expected list[] = {
		{ "size_wider", NUMBER, 8 },
		{ "size_name", NUMBER, 24 },
		{ "sign_same", NUMBER, 0 },
		{ "sign_changed", NUMBER, 1 },
	};

	(void)state;
	check_both(list, COUNT(list));
}

static void load_gets_the_width_of_the_target(void **state)
{
	static const struct {
		const char *program;
		uint16_t offset;
		uint8_t size;
	} list[] = {
		{ "offset_wider", PLACE(wider), BPF_DW },
		{ "offset_narrower", PLACE(narrower), BPF_B },
		{ "offset_first", PLACE(first), BPF_W },
	};

	(void)state;
	for (size_t i = 0; i < 2 * COUNT(list); i++) {
		const struct bpf_insn *insn;
		struct relo_fixture f;
		struct skep_code code;

		open_relo(&f, orders[i % 2]);
		assert_ok(relocate(&f, list[i / 2].program, &code) == 0, &f.err);
		insn = relocated(&f, &code, 0);
		assert_int_equal(insn->code, BPF_LDX | BPF_MEM | list[i / 2].size);
		assert_int_equal(insn->off, list[i / 2].offset);
		skep_code_free(&code);
		close_relo(&f);
	}
}

/*
 * struct bits of relo_target.h: bits 11 to 15, 16 to 24, 25 to 57, a u32 at byte 8, and bits 96
 * to 98. Bits count from the low end on little-endian machines and from the high end on others.
 */
static void bitfield_is_in_the_smallest_aligned_unit(void **state)
{
	static const struct expected list[] = {
		{ "below_zero_offset", NUMBER, 0 },	{ "below_zero_size", NUMBER, 4 },
		{ "below_zero_signed", NUMBER, 1 },	{ "below_zero_right", NUMBER, 59 },
		{ "across_offset", NUMBER, 0 },		{ "across_size", NUMBER, 4 },
		{ "across_signed", NUMBER, 0 },		{ "across_right", NUMBER, 55 },
		{ "wide_offset", NUMBER, 0 },		{ "wide_size", NUMBER, 8 },
		{ "wide_signed", NUMBER, 0 },		{ "wide_right", NUMBER, 31 },
		{ "was_a_bitfield_offset", NUMBER, 8 }, { "was_a_bitfield_size", NUMBER, 4 },
		{ "was_a_bitfield_right", NUMBER, 32 }, { "is_a_bitfield_offset", NUMBER, 12 },
		{ "is_a_bitfield_size", NUMBER, 2 },	{ "is_a_bitfield_right", NUMBER, 61 },
		{ "was_a_bitfield_signed", NUMBER, 0 },
	};

	(void)state;
	check_both(list, COUNT(list));
}

static void left_shift_depends_on_the_objects_byte_order(void **state)
{
	static const struct expected little[] = {
		{ "below_zero_left", NUMBER, 48 },    { "across_left", NUMBER, 39 },
		{ "wide_left", NUMBER, 6 },	      { "was_a_bitfield_left", NUMBER, 32 },
		{ "is_a_bitfield_left", NUMBER, 61 },
	};
	static const struct expected big[] = {
		{ "below_zero_left", NUMBER, 43 },    { "across_left", NUMBER, 48 },
		{ "wide_left", NUMBER, 25 },	      { "was_a_bitfield_left", NUMBER, 32 },
		{ "is_a_bitfield_left", NUMBER, 48 },
	};

	(void)state;
	check_answers("el", little, COUNT(little));
	check_answers("eb", big, COUNT(big));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(field_offset_is_the_targets),
		cmocka_unit_test(field_is_found_through_anonymous_members),
		cmocka_unit_test(elements_have_the_targets_size_and_bounds),
		cmocka_unit_test(what_the_target_has_not_is_poisoned),
		cmocka_unit_test(both_halves_of_a_wide_instruction_are_poisoned),
		cmocka_unit_test(existence_is_one_or_zero),
		cmocka_unit_test(size_and_sign_are_the_targets),
		cmocka_unit_test(load_gets_the_width_of_the_target),
		cmocka_unit_test(bitfield_is_in_the_smallest_aligned_unit),
		cmocka_unit_test(left_shift_depends_on_the_objects_byte_order),
	};

	return cmocka_run_group_tests_name("relo_core", tests, NULL, NULL);
}
