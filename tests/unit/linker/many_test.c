// SPDX-License-Identifier: MIT
/* Many files that repeat each other: repetitions are taken out on the way, and nothing else is. */
#include "support.h"

#define N_FILES 24

static void add_many(struct skep_linker *linker, const char *order)
{
	struct skep_error err = { 0 };

	for (int i = 0; i < N_FILES; i++)
		assert_ok(!add_object(linker, "many", order, &err), &err);
}

static const struct skep_function *program_of(const struct skep_spec *spec, const char *name)
{
	const struct skep_function *found = NULL;

	for (size_t i = 0; i < spec->n_functions; i++)
		if (!strcmp(spec->functions[i]->name, name) && spec->functions[i]->n_core_relos)
			found = spec->functions[i];
	assert_non_null(found);
	return found;
}

static uint32_t count_of(const struct skep_btf *btf, const char *name, uint32_t kind)
{
	uint32_t n = 0;

	for (uint32_t id = 1; id < skep_btf_count(btf); id++)
		n += skep_btf_kind(skep_btf_type(btf, id)) == kind &&
		     !strcmp(skep_btf_name(btf, id), name);
	return n;
}

static void check(const struct skep_spec *spec)
{
	const struct skep_function *repeats = program_of(spec, "repeats");
	const struct skep_function *defines = program_of(spec, "lib_core");
	const struct skep_global_spec *first = skep_spec_global(spec, "first");

	assert_int_equal(count_of(spec->btf, "repeated", BTF_KIND_STRUCT), 1);
	assert_int_equal(count_of(spec->btf, "setup", BTF_KIND_STRUCT), 1);
	assert_int_equal(count_of(spec->btf, "tally", BTF_KIND_STRUCT), 1);
	assert_int_equal(count_of(spec->btf, "tally", BTF_KIND_FWD), 0);
	assert_int_equal(count_of(spec->btf, "step", BTF_KIND_FUNC), 1);
	assert_int_equal(count_of(spec->btf, "first", BTF_KIND_VAR), 1);
	assert_int_equal(count_of(spec->btf, "calls", BTF_KIND_VAR), N_FILES + 1);
	assert_string_equal(skep_btf_name(spec->btf, repeats->type_id), "repeats");
	assert_int_equal(repeats->n_core_relos, 1);
	assert_string_equal(repeats->core_relos[0].access, "0:0");
	assert_int_equal(repeats->core_relos[0].type_id, defines->core_relos[0].type_id);
	assert_non_null(first);
	assert_int_equal(skep_btf_sizeof(spec->btf, first->type_id), first->size);
	assert_int_equal(skep_btf_check(spec->btf, NULL), 0);
}

/* What is declared in the first file and defined in the last is one type in all of them. */
static void many_files_that_repeat_each_other_are_one(void **state)
{
	static const char *const orders[] = { "el", "eb" };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct skep_linker *linker = skep_linker_new(NULL);
		struct skep_text out = { 0 }, again = { 0 };
		struct skep_error err = { 0 };
		struct skep_spec *spec;

		add_many(linker, orders[i]);
		assert_ok(!add_object(linker, "lib", orders[i], &err), &err);
		assert_ok(!skep_linker_finish(linker, &out, &err), &err);
		assert_ok(!skep_linker_finish(linker, &again, &err), &err);
		assert_int_equal(out.len, again.len);
		assert_memory_equal(out.data, again.data, out.len);
		spec = skep_spec_read(out.data, out.len, NULL, &err);
		assert_ok(spec, &err);
		check(spec);
		skep_spec_free(spec);
		skep_linker_free(linker);
		skep_text_free(&out);
		skep_text_free(&again);
	}
}

/* A file that is mapped is linked as one that was copied, and left as it is. */
static void files_are_linked_as_bytes_are(void **state)
{
	struct skep_text out = { 0 }, mapped = { 0 };
	struct skep_linker *linker = skep_linker_new(NULL);
	struct skep_error err = { 0 };
	uint8_t *before, *after;
	size_t len, len_after;

	(void)state;
	before = read_object("lib", "el", &len);
	assert_ok(!link_two("main", "lib", "el", &out, &err), &err);
	assert_ok(!skep_linker_add_file(linker, fixture_path("linker_main.el.o"), &err), &err);
	assert_ok(!skep_linker_add_file(linker, fixture_path("linker_lib.el.o"), &err), &err);
	assert_ok(!skep_linker_finish(linker, &mapped, &err), &err);
	skep_linker_free(linker);
	assert_int_equal(out.len, mapped.len);
	assert_memory_equal(out.data, mapped.data, out.len);
	after = read_object("lib", "el", &len_after);
	assert_int_equal(len, len_after);
	assert_memory_equal(before, after, len);
	free(before);
	free(after);
	skep_text_free(&out);
	skep_text_free(&mapped);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_files_that_repeat_each_other_are_one),
		cmocka_unit_test(files_are_linked_as_bytes_are),
	};

	return cmocka_run_group_tests_name("linker_many", tests, NULL, NULL);
}
