// SPDX-License-Identifier: MIT
/* CO-RE: what cannot be answered is poisoned or refused, and explained. */
#include <linux/types.h>

#include "core_answers.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(poison_is_explained),
		cmocka_unit_test(poison_is_explained_by_its_own_relocation),
		cmocka_unit_test(instruction_that_disagrees_with_its_btf_is_refused),
		cmocka_unit_test(what_no_instruction_can_hold_is_refused),
		cmocka_unit_test(refusal_is_the_same_the_second_time),
	};

	return cmocka_run_group_tests_name("relo_core", tests, NULL, NULL);
}
