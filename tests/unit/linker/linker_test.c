// SPDX-License-Identifier: MIT
/* Two objects as one: what it says is what the two said, in either order and byte order. */
#include "support.h"

static const char *const orders[] = { "el", "eb" };

static struct skep_spec *linked(const char *a, const char *b, const char *order)
{
	struct skep_text out = { 0 };
	struct skep_error err = { 0 };
	struct skep_spec *spec;

	assert_ok(!link_two(a, b, order, &out, &err), &err);
	spec = skep_spec_read(out.data, out.len, NULL, &err);
	assert_ok(spec, &err);
	skep_text_free(&out);
	return spec;
}

static const struct skep_function *function(const struct skep_spec *spec, const char *name)
{
	const struct skep_function *found = NULL;

	for (size_t i = 0; i < spec->n_functions; i++)
		if (!strcmp(spec->functions[i]->name, name) && spec->functions[i]->is_global) {
			assert_null(found);
			found = spec->functions[i];
		}
	assert_non_null(found);
	return found;
}

static bool calls(const struct skep_spec *spec, const struct skep_function *f,
		  const struct skep_function *callee)
{
	for (size_t i = 0; i < f->n_refs; i++)
		if (f->refs[i].kind == SKEP_REF_CALL && spec->functions[f->refs[i].index] == callee)
			return true;
	return false;
}

static uint32_t word(const struct skep_spec *spec, const char *name)
{
	const struct skep_global_spec *g = skep_spec_global(spec, name);
	const struct skep_map_spec *map;
	uint32_t value;

	assert_non_null(g);
	map = spec->maps[g->map];
	memcpy(&value, map->data + g->offset, sizeof(value));
	return spec->is_foreign ? __builtin_bswap32(value) : value;
}

static void check(const struct skep_spec *spec)
{
	const struct skep_function *add = function(spec, "add");
	const struct skep_function *chosen = function(spec, "chosen");
	const struct skep_function *main_first = function(spec, "main_first");

	assert_int_equal(spec->n_programs, 4);
	assert_string_equal(spec->license, "GPL");
	assert_true(calls(spec, main_first, add) && calls(spec, main_first, chosen));
	assert_true(calls(spec, function(spec, "lib_first"), chosen));
	assert_true(calls(spec, function(spec, "main_core"), add));
	assert_int_equal(chosen->n_insns, 3); /* x + 1, not the weak one */
	assert_int_equal(chosen->is_weak, false);
	assert_int_equal(word(spec, "in_main"), 7);
	assert_int_equal(word(spec, "setup"), 3);
	assert_int_equal(word(spec, "total"), 0);
	assert_int_equal(word(spec, "limit"), 1000);
	assert_non_null(skep_spec_map(spec, "counts"));
	assert_int_equal(skep_spec_map(spec, "counts")->max_entries, 16);
	assert_int_equal(spec->n_externs, 2);
}

static void two_objects_are_one_in_either_order(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct skep_spec *spec = linked("main", "lib", orders[i]);

		check(spec);
		skep_spec_free(spec);
		spec = linked("lib", "main", orders[i]);
		check(spec);
		skep_spec_free(spec);
	}
}

/* Static functions and variables of one name stay two. */
static void what_is_static_stays_each_file_s_own(void **state)
{
	struct skep_spec *spec = linked("main", "lib", "el");
	const struct skep_function *helpers[2] = { 0 };
	uint32_t n = 0, places[2] = { 0 }, variables = 0;

	(void)state;
	for (size_t i = 0; i < spec->n_functions; i++)
		if (!strcmp(spec->functions[i]->name, "helper") && n < 2)
			helpers[n++] = spec->functions[i];
	assert_int_equal(n, 2);
	for (size_t i = 0; i < spec->n_globals; i++)
		if (!strcmp(spec->globals[i]->name, "calls") && variables < 2)
			places[variables++] = spec->globals[i]->offset;
	assert_int_equal(variables, 2);
	assert_int_not_equal(places[0], places[1]);
	assert_true(calls(spec, function(spec, "main_first"), helpers[0]));
	assert_true(calls(spec, function(spec, "add"), helpers[1]));
	for (int h = 0; h < 2; h++) {
		bool found = false;

		for (size_t i = 0; i < helpers[h]->n_refs; i++)
			found = found || (helpers[h]->refs[i].kind == SKEP_REF_DATA &&
					  helpers[h]->refs[i].offset == places[h]);
		assert_true(found);
	}
	skep_spec_free(spec);
}

static void what_is_said_of_instructions_goes_with_them(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct skep_spec *spec = linked("main", "lib", orders[i]);
		const struct skep_function *core[] = { function(spec, "main_core"),
						       function(spec, "lib_core") };
		const char *const access[] = { "0:1", "0:0" }, *name;

		for (int c = 0; c < 2; c++) {
			assert_int_equal(core[c]->n_core_relos, 1);
			assert_string_equal(core[c]->core_relos[0].access, access[c]);
			name = skep_btf_name(spec->btf, core[c]->core_relos[0].type_id);
			assert_string_equal(name, "task_struct");
			assert_true(core[c]->n_lines > 2);
			name = skep_btf_string(spec->btf, core[c]->lines[0].file_off);
			assert_non_null(strstr(name, c ? "linker_lib.bpf.c" : "linker_main.bpf.c"));
			assert_string_equal(skep_btf_name(spec->btf, core[c]->type_id),
					    core[c]->name);
		}
		assert_int_equal(core[0]->core_relos[0].type_id, core[1]->core_relos[0].type_id);
		skep_spec_free(spec);
	}
}

/* Variables of one arena, and slots that two files fill with one map. */
static void arenas_and_slots_are_shared(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++) {
		struct skep_spec *spec = i < 2 ? linked("arena", "shares", orders[i]) :
						 linked("shares", "arena", orders[i - 2]);
		const struct skep_map_spec *slots = skep_spec_map(spec, "slots");
		const struct skep_map_spec *more = skep_spec_map(spec, "more_slots");
		const struct skep_global_spec *both = skep_spec_global(spec, "in_both");
		const struct skep_function *shares = function(spec, "shares");
		bool found = false;

		assert_true(slots && more && both);
		assert_int_equal(slots->n_slots, 1);
		assert_int_equal(slots->slots[0].key, 2);
		assert_int_equal(more->n_slots, 1);
		assert_int_equal(more->slots[0].key, 1);
		assert_string_equal(spec->maps[more->slots[0].index]->name, "slot");
		assert_int_equal(more->slots[0].index, slots->slots[0].index);
		for (size_t r = 0; r < shares->n_refs; r++)
			found = found || (shares->refs[r].kind == SKEP_REF_DATA &&
					  shares->refs[r].offset == both->offset);
		assert_true(found);
		assert_int_not_equal(both->offset, skep_spec_global(spec, "own")->offset);
		skep_spec_free(spec);
	}
}

/* struct tally is only declared in one of the files, and stands in a struct that both have. */
static void types_are_there_once(void **state)
{
	struct skep_spec *spec = linked("main", "lib", "el");
	uint32_t n = 0;

	(void)state;
	for (uint32_t id = 1; id < skep_btf_count(spec->btf); id++)
		n += !strcmp(skep_btf_name(spec->btf, id), "setup") &&
		     skep_btf_kind(skep_btf_type(spec->btf, id)) == BTF_KIND_STRUCT;
	assert_int_equal(n, 1);
	assert_int_equal(skep_btf_find(spec->btf, "tally", BTF_KIND_FWD), 0);
	assert_int_not_equal(skep_btf_find(spec->btf, "tally", BTF_KIND_STRUCT), 0);
	skep_spec_free(spec);
}

/* What has been linked can be linked again, with itself left as it is. */
static void what_was_linked_is_an_object_like_any(void **state)
{
	struct skep_text once = { 0 }, twice = { 0 }, again = { 0 };
	struct skep_error err = { 0 };
	struct skep_linker *linker;

	(void)state;
	for (int i = 0; i < 2; i++) {
		skep_text_reset(&once);
		skep_text_reset(&twice);
		skep_text_reset(&again);
		assert_ok(!link_two("main", "lib", orders[i], &once, &err), &err);
		linker = skep_linker_new(&err);
		assert_ok(!skep_linker_add(linker, once.data, once.len, "once", &err), &err);
		assert_ok(!skep_linker_finish(linker, &twice, &err), &err);
		assert_ok(!skep_linker_finish(linker, &again, &err), &err);
		skep_linker_free(linker);
		assert_int_equal(again.len, twice.len);
		assert_memory_equal(again.data, twice.data, twice.len);
		assert_int_equal(once.len, twice.len);
	}
	skep_text_free(&once);
	skep_text_free(&twice);
	skep_text_free(&again);
}

static void files_that_differ_about_a_name_are_told(void **state)
{
	static const struct {
		const char *with, *says;
	} cases[] = {
		{ "map", "map 'counts', max_entries differs: 32 here, 16 in lib" },
		{ "variable",
		  "setup', step differs: unsigned long long step here, unsigned int step in lib" },
		{ "function", "function 'add' differs: 2 parameters here, 1 parameters in lib" },
		{ "lib", "is defined here and in lib" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct skep_text out = { 0 };
		struct skep_error err = { 0 };

		assert_true(link_two("lib", cases[i].with, "el", &out, &err) < 0);
		assert_error_says(&err, cases[i].says);
		assert_string_equal(err.object, cases[i].with);
		assert_int_equal(out.len, 0);
		skep_text_free(&out);
	}
}

static void licenses_and_byte_orders_must_be_the_same(void **state)
{
	struct skep_linker *linker = skep_linker_new(NULL);
	struct skep_error err = { 0 };
	struct skep_text out = { 0 };
	uint8_t *data, *license;
	size_t len;

	(void)state;
	assert_ok(!add_object(linker, "main", "el", &err), &err);
	assert_int_equal(add_object(linker, "lib", "eb", &err), -EINVAL);
	assert_error_says(&err, "it is big-endian, but main is little-endian");
	data = read_object("lib", "el", &len);
	license = memmem(data, len, "GPL", 4);
	assert_non_null(license);
	memcpy(license, "MIT", 4);
	assert_ok(!skep_linker_add(linker, data, len, "lib", &err), &err);
	assert_int_equal(skep_linker_finish(linker, &out, &err), -EINVAL);
	assert_error_says(&err, "section 'license' is 'MIT', but 'GPL' in main");
	skep_linker_free(linker);
	free(data);
	skep_text_free(&out);
}

static void nothing_and_null_are_errors(void **state)
{
	struct skep_linker *linker = skep_linker_new(NULL);
	struct skep_error err = { 0 };
	struct skep_text out = { 0 };

	(void)state;
	assert_int_equal(skep_linker_finish(linker, &out, &err), -EINVAL);
	assert_error_says(&err, "there is no object to link");
	assert_int_equal(skep_linker_finish(NULL, &out, &err), -EINVAL);
	assert_int_equal(skep_linker_finish(linker, NULL, &err), -EINVAL);
	assert_int_equal(skep_linker_add(linker, NULL, 1, "x", &err), -EINVAL);
	assert_int_equal(skep_linker_add_file(linker, NULL, &err), -EINVAL);
	assert_int_equal(skep_linker_add_file(linker, "/nowhere.o", &err), -ENOENT);
	assert_int_equal(skep_linker_add(linker, "text", 4, "x", &err), -ENOEXEC);
	skep_linker_free(linker);
	skep_linker_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_objects_are_one_in_either_order),
		cmocka_unit_test(what_is_static_stays_each_file_s_own),
		cmocka_unit_test(what_is_said_of_instructions_goes_with_them),
		cmocka_unit_test(arenas_and_slots_are_shared),
		cmocka_unit_test(types_are_there_once),
		cmocka_unit_test(what_was_linked_is_an_object_like_any),
		cmocka_unit_test(files_that_differ_about_a_name_are_told),
		cmocka_unit_test(licenses_and_byte_orders_must_be_the_same),
		cmocka_unit_test(nothing_and_null_are_errors),
	};

	return cmocka_run_group_tests_name("linker", tests, NULL, NULL);
}
