// SPDX-License-Identifier: MIT
/* CO-RE: which types of the target, and of its modules, stand for the object's. */
#include <linux/types.h>

#include "btf/builder.h"
#include "core_answers.h"

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
		cmocka_unit_test(types_that_the_target_has_not_are_looked_for_in_modules),
		cmocka_unit_test(flavors_are_ignored_on_either_side),
		cmocka_unit_test(types_that_disagree_are_ambiguous),
		cmocka_unit_test(member_of_one_type_alone_settles_the_others),
		cmocka_unit_test(types_exist_by_name_kind_and_parameters),
		cmocka_unit_test(type_ids_are_of_the_object_and_of_the_target),
		cmocka_unit_test(types_match_when_all_local_members_do),
		cmocka_unit_test(enumerators_are_found_by_name),
		cmocka_unit_test(names_to_look_for_are_listed_once),
	};

	return cmocka_run_group_tests_name("relo_core", tests, NULL, NULL);
}
