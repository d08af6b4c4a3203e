// SPDX-License-Identifier: MIT
/* CO-RE: every question that a relocation can ask, answered from another BTF. */
#include <linux/types.h>

#include "btf/builder.h"
#include "fixtures/relo_target.h"
#include "support.h"

enum answer { OFFSET, NUMBER, WIDE, POISON };

struct expected {
	const char *program;
	enum answer answer;
	uint64_t value;
};

static void assert_answer(const struct expected *e, const struct bpf_insn *insn)
{
	uint64_t wide = (uint32_t)insn[0].imm;

	switch (e->answer) {
	case OFFSET:
		if (is_poisoned(insn) || insn->off != (int16_t)e->value)
			fail_msg("%s: offset %d, not %d", e->program, insn->off, (int)e->value);
		break;
	case NUMBER:
		if (is_poisoned(insn) || insn->imm != (int32_t)e->value)
			fail_msg("%s: %d, not %d", e->program, insn->imm, (int)e->value);
		break;
	case WIDE:
		wide |= (uint64_t)(uint32_t)insn[1].imm << 32;
		if (insn->code != LD_IMM64 || wide != e->value)
			fail_msg("%s: %#llx, not %#llx", e->program, (unsigned long long)wide,
				 (unsigned long long)e->value);
		break;
	case POISON:
		if (!is_poisoned(insn))
			fail_msg("%s: code %#x is not poisoned", e->program, insn->code);
		break;
	}
}

static void check_answers(const char *order, const struct expected *list, size_t n)
{
	struct relo_fixture f;

	open_relo(&f, order);
	for (size_t i = 0; i < n; i++) {
		struct skep_code code;

		assert_ok(relocate(&f, list[i].program, &code) == 0, &f.err);
		assert_answer(&list[i], relocated(&f, &code, 0));
		skep_code_free(&code);
	}
	close_relo(&f);
}

static void check_both(const struct expected *list, size_t n)
{
	for (int i = 0; i < 2; i++)
		check_answers(orders[i], list, n);
}

#define COUNT(list)   (sizeof(list) / sizeof((list)[0]))
#define PLACE(member) offsetof(struct moved, member)

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

static void flavors_are_ignored_on_either_side(void **state)
{
	static const struct expected list[] = {
		{ "offset_flavor", OFFSET, PLACE(first) },
		{ "offset_same", OFFSET, 0 },
		{ "offset_twin_one", OFFSET, offsetof(struct twin___one, only_one) },
		{ "type_exists_flavor", NUMBER, 1 },
		{ "value_flavor", WIDE, STATE_OLD___renamed },
	};

	(void)state;
	check_both(list, COUNT(list));
}

static void types_that_disagree_are_ambiguous(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct relo_fixture f;
		struct skep_code code;

		open_relo(&f, orders[i]);
		assert_int_equal(relocate(&f, "offset_twin", &code), -EINVAL);
		assert_int_equal(f.err.stage, SKEP_STAGE_RESOLVE);
		assert_error_says(&f.err, "field twin.both (offset) is ambiguous");
		assert_error_says(&f.err, "offset_twin");
		assert_true(f.err.hint[0]);
		skep_code_free(&code);
		close_relo(&f);
	}
}

/* As libbpf: what has been told apart by one member stays told apart for the others. */
static void member_of_one_type_alone_settles_the_others(void **state)
{
	struct relo_fixture f;
	struct skep_code code;

	(void)state;
	open_relo(&f, "el");
	assert_ok(relocate(&f, "offset_twin_one", &code) == 0, &f.err);
	skep_code_free(&code);
	assert_ok(relocate(&f, "offset_twin", &code) == 0, &f.err);
	assert_int_equal(relocated(&f, &code, 0)->off, offsetof(struct twin___one, both));
	skep_code_free(&code);
	close_relo(&f);
}

static void types_exist_by_name_kind_and_parameters(void **state)
{
	static const struct expected list[] = {
		{ "type_exists", NUMBER, 1 },	      { "type_exists_union", NUMBER, 1 },
		{ "type_exists_typedef", NUMBER, 1 }, { "type_exists_enum", NUMBER, 1 },
		{ "type_exists_arity", NUMBER, 0 },   { "type_exists_callback", NUMBER, 1 },
		{ "type_exists_missing", NUMBER, 0 }, { "type_size", NUMBER, sizeof(struct moved) },
		{ "type_size_missing", NUMBER, 0 },   { "type_id_missing", WIDE, 0 },
	};

	(void)state;
	check_both(list, COUNT(list));
}

static void type_ids_are_of_the_object_and_of_the_target(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct expected list[] = { { "type_id_local", WIDE, 0 },
					   { "type_id_target", WIDE, 0 } };
		struct relo_fixture f;

		open_relo(&f, orders[i]);
		list[0].value = skep_btf_find(f.spec->btf, "moved", BTF_KIND_STRUCT);
		list[1].value = skep_btf_find(f.target, "moved", BTF_KIND_STRUCT);
		assert_true(list[0].value && list[1].value && list[0].value != list[1].value);
		close_relo(&f);
		check_answers(orders[i], list, COUNT(list));
	}
}

static void types_match_when_all_local_members_do(void **state)
{
	static const struct expected list[] = {
		{ "type_matches_good", NUMBER, 1 },    { "type_matches_member", NUMBER, 0 },
		{ "type_matches_length", NUMBER, 0 },  { "type_matches_sign", NUMBER, 0 },
		{ "type_matches_enum", NUMBER, 1 },    { "type_matches_pointer", NUMBER, 0 },
		{ "type_matches_missing", NUMBER, 0 }, { "type_matches_less_enum", NUMBER, 0 },
	};

	(void)state;
	check_both(list, COUNT(list));
}

static void enumerators_are_found_by_name(void **state)
{
	static const struct expected list[] = {
		{ "value_exists", NUMBER, 1 },	    { "value_exists_flavor", NUMBER, 1 },
		{ "value_exists_gone", NUMBER, 0 }, { "value_exists_missing", NUMBER, 0 },
		{ "value_new", WIDE, STATE_NEW },   { "value_high", WIDE, 0x80000000 },
		{ "value_huge", WIDE, HUGE_MANY },  { "value_minus", WIDE, (uint64_t)SIGN_MINUS },
	};

	(void)state;
	check_both(list, COUNT(list));
}

static void poison_is_explained(void **state)
{
	static const struct {
		const char *program, *text;
	} list[] = {
		{ "offset_gone", "field moved.gone (offset) is not in the target" },
		{ "size_gone", "field moved.gone (size) is not in the target" },
		{ "offset_no_element", "field moved.fewer[3] (offset) is not in the target" },
		{ "value_gone", "enumerator state.STATE_GONE (value) is not in the target" },
	};

	(void)state;
	for (size_t i = 0; i < 2 * COUNT(list); i++) {
		struct skep_text text = { 0 };
		struct relo_fixture f;
		struct skep_code code;
		uint32_t at;

		open_relo(&f, orders[i % 2]);
		assert_ok(relocate(&f, list[i / 2].program, &code) == 0, &f.err);
		at = (uint32_t)(relocated(&f, &code, 0) - code.insns);
		assert_non_null(skep_code_explain_poison(&code, f.spec, at, &text));
		assert_string_equal(skep_text_string(&text), list[i / 2].text);
		assert_null(skep_code_explain_poison(&code, f.spec, code.n_insns - 1, &text));
		assert_null(skep_code_explain_poison(&code, f.spec, code.n_insns, &text));
		skep_text_free(&text);
		skep_code_free(&code);
		close_relo(&f);
	}
}

/* Two relocations next to each other: the second one's poison is not the first one's. */
static void poison_is_explained_by_its_own_relocation(void **state)
{
	struct skep_text text = { 0 };
	struct relo_fixture f;
	struct skep_code code;
	struct bpf_insn *second;

	(void)state;
	open_relo(&f, "el");
	assert_ok(relocate(&f, "gone_behind_parent", &code) == 0, &f.err);
	second = relocated(&f, &code, 1);
	assert_ptr_equal(second, relocated(&f, &code, 0) + 1);
	assert_non_null(
		skep_code_explain_poison(&code, f.spec, (uint32_t)(second - code.insns), &text));
	assert_string_equal(skep_text_string(&text),
			    "field moved.gone (offset) is not in the target");
	skep_text_free(&text);
	skep_code_free(&code);
	close_relo(&f);
}

static void instruction_that_disagrees_with_its_btf_is_refused(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct relo_fixture f;
		struct skep_code code;

		open_relo(&f, orders[i]);
		link_program(f.spec, "offset_second", &code);
		relocated(&f, &code, 0)->off = 4;
		assert_int_equal(skep_code_core(&code, f.spec, f.target, f.cache, &f.err), -EINVAL);
		assert_int_equal(f.err.stage, SKEP_STAGE_RESOLVE);
		assert_error_says(&f.err, "function 'offset_second'");
		assert_error_says(&f.err, "holds 4 where its BTF says 8");
		skep_code_free(&code);
		close_relo(&f);
	}
}

static void what_no_instruction_can_hold_is_refused(void **state)
{
	static const struct {
		const char *program;
		int code;
		const char *says;
	} list[] = {
		{ "offset_far", ERANGE, "the offset 40000 in the target" },
		{ "offset_packed", E2BIG, "field packed.field (offset) cannot be computed" },
		{ "offset_odd", EINVAL, "a field of 4 bytes has 16 in the target" },
		{ "offset_nameless", ENOTSUP, "types without a name" },
	};

	(void)state;
	for (size_t i = 0; i < 2 * COUNT(list); i++) {
		struct relo_fixture f;
		struct skep_code code;

		open_relo(&f, orders[i % 2]);
		assert_int_equal(relocate(&f, list[i / 2].program, &code), -list[i / 2].code);
		assert_int_equal(f.err.code, list[i / 2].code);
		assert_int_equal(f.err.stage, SKEP_STAGE_RESOLVE);
		assert_error_says(&f.err, list[i / 2].says);
		assert_error_says(&f.err, list[i / 2].program);
		skep_code_free(&code);
		close_relo(&f);
	}
}

static void refusal_is_the_same_the_second_time(void **state)
{
	struct relo_fixture f;

	(void)state;
	open_relo(&f, "el");
	for (int i = 0; i < 2; i++) {
		struct skep_code code;

		assert_int_equal(relocate(&f, "offset_nameless", &code), -ENOTSUP);
		assert_error_says(&f.err, "types without a name");
		skep_code_free(&code);
	}
	close_relo(&f);
}

static void names_to_look_for_are_listed_once(void **state)
{
	const char **names;
	struct relo_fixture f;
	int64_t n;

	(void)state;
	open_relo(&f, "el");
	assert_true(skep_spec_needs_core(f.spec));
	n = skep_core_root_names(f.spec, &names);
	assert_true(n > 10);
	for (int64_t i = 0; i < n; i++)
		for (int64_t k = 0; k < i; k++)
			assert_string_not_equal(names[i], names[k]);
	free(names);
	close_relo(&f);
}

/* BTFs that stand for those of modules, and how often they were asked for. */
struct module_list {
	const struct skep_btf *btfs[2];
	size_t n, asked;
};

static int next_module(void *context, size_t i, const struct skep_btf **btf)
{
	struct module_list *list = context;

	list->asked++;
	*btf = i < list->n ? list->btfs[i] : NULL;
	return i < list->n;
}

/* A target with nothing in it. */
static struct skep_btf *empty_btf(void **raw)
{
	struct skep_btf_builder *b = skep_btf_builder_new();
	struct skep_btf *btf;
	size_t len;

	assert_true(skep_btf_builder_int(b, "int", 4, BTF_INT_SIGNED) > 0);
	*raw = skep_btf_builder_finish(b, &len);
	skep_btf_builder_free(b);
	btf = skep_btf_new(*raw, len, NULL, NULL);
	assert_non_null(btf);
	return btf;
}

static void check_modules(struct relo_fixture *f, struct module_list *modules, bool is_poison)
{
	const struct expected e = { "offset_second", is_poison ? POISON : OFFSET, PLACE(second) };
	struct skep_core_cache *cache = f->cache;
	struct skep_code code;

	f->cache = skep_core_cache_new();
	skep_core_cache_set_modules(f->cache, next_module, modules);
	assert_ok(relocate(f, e.program, &code) == 0, &f->err);
	assert_answer(&e, relocated(f, &code, 0));
	skep_code_free(&code);
	skep_core_cache_free(f->cache);
	f->cache = cache;
}

static void types_that_the_target_has_not_are_looked_for_in_modules(void **state)
{
	struct module_list modules = { .n = 2 };
	struct relo_fixture f;
	struct skep_btf *whole, *empty;
	void *raw;

	(void)state;
	open_relo(&f, "el");
	whole = f.target;
	empty = empty_btf(&raw);
	modules.btfs[1] = whole;
	/* The target has it: no module is asked. */
	check_modules(&f, &modules, false);
	assert_int_equal(modules.asked, 0);
	/* One module cannot be read, the other has it. */
	f.target = empty;
	check_modules(&f, &modules, false);
	assert_int_equal(modules.asked, 3);
	/* Both have the same. */
	modules.btfs[0] = whole;
	check_modules(&f, &modules, false);
	/* None has it. */
	modules.n = 0;
	check_modules(&f, &modules, true);
	f.target = whole;
	skep_btf_free(empty);
	free(raw);
	close_relo(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(field_offset_is_the_targets),
		cmocka_unit_test(types_that_the_target_has_not_are_looked_for_in_modules),
		cmocka_unit_test(field_is_found_through_anonymous_members),
		cmocka_unit_test(elements_have_the_targets_size_and_bounds),
		cmocka_unit_test(what_the_target_has_not_is_poisoned),
		cmocka_unit_test(both_halves_of_a_wide_instruction_are_poisoned),
		cmocka_unit_test(existence_is_one_or_zero),
		cmocka_unit_test(size_and_sign_are_the_targets),
		cmocka_unit_test(load_gets_the_width_of_the_target),
		cmocka_unit_test(bitfield_is_in_the_smallest_aligned_unit),
		cmocka_unit_test(left_shift_depends_on_the_objects_byte_order),
		cmocka_unit_test(flavors_are_ignored_on_either_side),
		cmocka_unit_test(types_that_disagree_are_ambiguous),
		cmocka_unit_test(member_of_one_type_alone_settles_the_others),
		cmocka_unit_test(types_exist_by_name_kind_and_parameters),
		cmocka_unit_test(type_ids_are_of_the_object_and_of_the_target),
		cmocka_unit_test(types_match_when_all_local_members_do),
		cmocka_unit_test(enumerators_are_found_by_name),
		cmocka_unit_test(poison_is_explained),
		cmocka_unit_test(poison_is_explained_by_its_own_relocation),
		cmocka_unit_test(instruction_that_disagrees_with_its_btf_is_refused),
		cmocka_unit_test(what_no_instruction_can_hold_is_refused),
		cmocka_unit_test(refusal_is_the_same_the_second_time),
		cmocka_unit_test(names_to_look_for_are_listed_once),
	};

	return cmocka_run_group_tests_name("relo_core", tests, NULL, NULL);
}
