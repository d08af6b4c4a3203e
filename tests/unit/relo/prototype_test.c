// SPDX-License-Identifier: MIT
/* Declarations of the kernel's functions and variables, compared with what is there. */
#include "relo/prototype.h"
#include "unit/spec/support.h"

static uint32_t find(const struct skep_spec *spec, const char *name, uint32_t kind)
{
	uint32_t id = skep_btf_find(spec->btf, name, kind);

	assert_true(id != 0);
	return id;
}

/* One declaration of the fixture stands for the kernel's, the other for the program's. */
static void compare(const struct skep_spec *spec, const char *local, const char *kernel,
		    const char *says)
{
	uint32_t kind =
		skep_btf_find(spec->btf, kernel, BTF_KIND_VAR) ? BTF_KIND_VAR : BTF_KIND_FUNC;
	uint32_t id = find(spec, local, kind);
	struct skep_text why = { 0 };
	bool fits;

	if (kind == BTF_KIND_VAR)
		id = skep_btf_type(spec->btf, id)->type;
	fits = skep_prototype_fits(spec->btf, id, spec->btf, find(spec, kernel, kind), &why);
	assert_int_equal(fits, !says);
	if (says)
		assert_string_equal(skep_text_string(&why), says);
	skep_text_free(&why);
}

static void check(struct skep_spec *spec)
{
	compare(spec, "bpf_key_put", "bpf_key_put", NULL);
	compare(spec, "bpf_rcu_read_lock", "bpf_rcu_read_unlock___flavor", NULL);
	compare(spec, "bpf_prog_active", "bpf_prog_active___other", NULL);
	compare(spec, "bpf_prog_active", "mirred_nest_level", NULL);
	compare(spec, "bpf_key_put___many", "bpf_key_put",
		"it has 1 parameters in the kernel and 2 in the program");
	compare(spec, "bpf_key_put___number", "bpf_key_put",
		"its parameter 1 is 'struct bpf_key *' in the kernel and 'long' in the program");
	compare(spec, "bpf_lookup_system_key", "bpf_key_put___number",
		"it returns 'void' in the kernel and 'struct bpf_key *' in the program");
	compare(spec, "bpf_prog_active___wrong", "bpf_prog_active",
		"it is 'const int' in the kernel and 'const struct bpf_key *const' in the program");
}

static void declarations_fit_or_say_where_they_differ(void **state)
{
	(void)state;
	in_both_orders("load_symbols", check);
}

static void check_wrong_ids(struct skep_spec *spec)
{
	uint32_t func = find(spec, "bpf_key_put", BTF_KIND_FUNC), none = UINT32_MAX;
	struct skep_text why = { 0 };

	assert_false(skep_prototype_fits(spec->btf, none, spec->btf, func, &why));
	assert_false(skep_prototype_fits(spec->btf, func, spec->btf, none, &why));
	assert_false(skep_prototype_fits(spec->btf, skep_btf_type(spec->btf, func)->type, spec->btf,
					 func, &why));
	skep_text_free(&why);
}

static void types_that_are_no_declarations_fit_nothing(void **state)
{
	(void)state;
	in_both_orders("load_symbols", check_wrong_ids);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(declarations_fit_or_say_where_they_differ),
		cmocka_unit_test(types_that_are_no_declarations_fit_nothing),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
