// SPDX-License-Identifier: MIT
/* Types that no compiler writes: they contain themselves, many times, without an end. */
#include "btf/builder.h"
#include "relo/core.h"
#include "support.h"

struct built {
	struct skep_btf_builder *builder;
	void *data;
	struct skep_btf *btf;
};

static void build(struct built *b)
{
	b->builder = skep_btf_builder_new();
	assert_non_null(b->builder);
}

static void finish(struct built *b)
{
	struct skep_error err = { 0 };
	size_t len;

	b->data = skep_btf_builder_finish(b->builder, &len);
	assert_non_null(b->data);
	b->btf = skep_btf_new(b->data, len, NULL, &err);
	assert_ok(b->btf, &err);
}

static void demolish(struct built *b)
{
	skep_btf_free(b->btf);
	skep_btf_builder_free(b->builder);
	free(b->data);
}

/* struct s { struct s a; struct s a; ... struct s only_here; } */
static uint32_t add_self(struct built *b, const char *member, const char *last)
{
	int64_t id = skep_btf_builder_composite(b->builder, BTF_KIND_STRUCT, "s", 8);

	assert_true(id > 0);
	for (int i = 0; i < 8; i++)
		assert_int_equal(skep_btf_builder_member(b->builder, member, (uint32_t)id, 0, 0),
				 0);
	assert_int_equal(skep_btf_builder_member(b->builder, last, (uint32_t)id, 0, 0), 0);
	return (uint32_t)id;
}

static void struct_that_contains_itself_matches_nothing(void **state)
{
	struct built local, target;
	uint32_t a, b;

	(void)state;
	build(&local);
	build(&target);
	a = add_self(&local, "member", "gone");
	b = add_self(&target, "member", "other");
	finish(&local);
	finish(&target);
	assert_false(core_types_match(local.btf, a, target.btf, b));
	assert_true(core_types_fit(local.btf, a, target.btf, b));
	demolish(&local);
	demolish(&target);
}

/* Sixteen functions, each with twenty pointers to the next. */
static uint32_t add_functions(struct built *b)
{
	uint32_t next = 0;

	for (int i = 0; i < 16; i++) {
		int64_t pointer = skep_btf_builder_ref(b->builder, BTF_KIND_PTR, "", next);
		const struct btf_type proto = {
			.info = BTF_KIND_FUNC_PROTO << 24 | 20,
		};
		struct btf_param params[20] = { 0 };
		int64_t id;

		assert_true(pointer > 0);
		for (int k = 0; k < 20; k++)
			params[k].type = (uint32_t)pointer;
		id = skep_btf_builder_add(b->builder, &proto, params, sizeof(params));
		assert_true(id > 0);
		next = (uint32_t)id;
	}
	return next;
}

static void functions_with_endless_parameters_are_given_up(void **state)
{
	struct built local;
	uint32_t id;

	(void)state;
	build(&local);
	id = add_functions(&local);
	finish(&local);
	assert_false(core_types_fit(local.btf, id, local.btf, id));
	assert_false(core_types_match(local.btf, id, local.btf, id));
	demolish(&local);
}

static void member_behind_endless_anonymous_ones_is_not_found(void **state)
{
	const struct skep_core_relo relo = {
		.access = "0:8",
		.kind = BPF_CORE_FIELD_EXISTS,
	};
	struct skep_core_relo access = relo;
	struct core_path path, found;
	struct built local, target;
	uint32_t id;

	(void)state;
	build(&local);
	build(&target);
	access.type_id = add_self(&local, "member", "gone");
	id = add_self(&target, "", "other");
	finish(&local);
	finish(&target);
	assert_int_equal(core_path_parse(&path, local.btf, &access, NULL), 0);
	assert_int_equal(core_path_match(&path, target.btf, id, &found), 0);
	demolish(&local);
	demolish(&target);
}

static void access_that_does_not_fit_its_type_is_refused(void **state)
{
	static const char *const bad[] = { "",	    ":",   "x",	    "0:",	  "0:9", "0:-1",
					   "0:0:x", "0;1", "1:8:9", "4294967296", " ",	 "0::0" };
	struct built local;
	uint32_t id;

	(void)state;
	build(&local);
	id = add_self(&local, "member", "last");
	finish(&local);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const struct skep_core_relo relo = {
			.type_id = id,
			.access = bad[i],
			.kind = BPF_CORE_FIELD_EXISTS,
		};
		struct skep_error err = { 0 };
		struct core_path path;

		if (core_path_parse(&path, local.btf, &relo, &err) != -EINVAL)
			fail_msg("'%s' is taken", bad[i]);
		assert_int_equal(err.stage, SKEP_STAGE_RESOLVE);
	}
	demolish(&local);
}

static void access_of_too_many_steps_is_refused(void **state)
{
	struct skep_core_relo relo = { .kind = BPF_CORE_FIELD_EXISTS };
	char access[512] = "0";
	struct core_path path;
	struct built local;

	(void)state;
	build(&local);
	relo.type_id = add_self(&local, "member", "last");
	finish(&local);
	relo.access = access;
	for (int i = 1; i < CORE_MAX_STEPS; i++)
		strcat(access, ":0");
	assert_int_equal(core_path_parse(&path, local.btf, &relo, NULL), 0);
	strcat(access, ":0");
	assert_int_equal(core_path_parse(&path, local.btf, &relo, NULL), -EINVAL);
	demolish(&local);
}

static void relocation_of_unknown_kind_is_refused(void **state)
{
	const struct skep_core_relo relo = {
		.access = "0",
		.kind = (enum bpf_core_relo_kind)13,
	};
	struct skep_error err = { 0 };
	struct skep_core_relo known = relo;
	struct core_path path;
	struct built local;

	(void)state;
	build(&local);
	known.type_id = add_self(&local, "member", "last");
	finish(&local);
	assert_int_equal(core_path_parse(&path, local.btf, &known, &err), -ENOTSUP);
	assert_error_says(&err, "kind 13");
	demolish(&local);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(struct_that_contains_itself_matches_nothing),
		cmocka_unit_test(functions_with_endless_parameters_are_given_up),
		cmocka_unit_test(member_behind_endless_anonymous_ones_is_not_found),
		cmocka_unit_test(access_that_does_not_fit_its_type_is_refused),
		cmocka_unit_test(access_of_too_many_steps_is_refused),
		cmocka_unit_test(relocation_of_unknown_kind_is_refused),
	};

	return cmocka_run_group_tests_name("relo_hostile", tests, NULL, NULL);
}
