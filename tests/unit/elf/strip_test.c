// SPDX-License-Identifier: MIT
/* An object without its debug information is the same object. */
#include "support.h"

#include <skep/spec.h>

static struct skep_spec *read_spec(const void *data, size_t len)
{
	struct skep_error err = { 0 };
	struct skep_spec *spec = skep_spec_read(data, len, NULL, &err);

	assert_ok(spec, &err);
	return spec;
}

static void assert_same_function(const struct skep_function *a, const struct skep_function *b)
{
	assert_string_equal(a->name, b->name);
	assert_int_equal(a->n_insns, b->n_insns);
	assert_memory_equal(a->insns, b->insns, a->n_insns * sizeof(*a->insns));
	assert_int_equal(a->n_refs, b->n_refs);
	for (size_t i = 0; i < a->n_refs; i++) {
		assert_int_equal(a->refs[i].kind, b->refs[i].kind);
		assert_int_equal(a->refs[i].index, b->refs[i].index);
		assert_int_equal(a->refs[i].offset, b->refs[i].offset);
	}
	assert_int_equal(a->n_lines, b->n_lines);
	assert_int_equal(a->n_core_relos, b->n_core_relos);
}

static void assert_same_spec(const struct skep_spec *a, const struct skep_spec *b)
{
	size_t len, other_len;
	const void *btf = skep_btf_data(a->btf, &len);
	const void *other = skep_btf_data(b->btf, &other_len);

	assert_int_equal(len, other_len);
	assert_memory_equal(btf, other, len);
	assert_int_equal(a->n_programs, b->n_programs);
	assert_int_equal(a->n_globals, b->n_globals);
	assert_int_equal(a->n_externs, b->n_externs);
	assert_int_equal(a->n_functions, b->n_functions);
	for (size_t i = 0; i < a->n_functions; i++)
		assert_same_function(a->functions[i], b->functions[i]);
	assert_int_equal(a->n_maps, b->n_maps);
	for (size_t i = 0; i < a->n_maps; i++) {
		assert_string_equal(a->maps[i]->name, b->maps[i]->name);
		assert_int_equal(a->maps[i]->data_size, b->maps[i]->data_size);
		if (a->maps[i]->data)
			assert_memory_equal(a->maps[i]->data, b->maps[i]->data,
					    a->maps[i]->data_size);
	}
}

static void an_object_without_debug_information_is_the_same(void **state)
{
	static const char *const names[] = { "skeleton", "load_globals", "linker_main",
					     "spec_resize", "relo_local" };

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(names) / sizeof(names[0]); i++) {
		struct file file = read_fixture(names[i / 2], orders[i % 2]);
		struct skep_text out = { 0 }, again = { 0 };
		struct skep_error err = { 0 };
		struct skep_spec *whole = read_spec(file.data, file.len), *bare;
		struct skep_elf elf;

		skep_text_str(&out, "odd");
		assert_ok(!skep_elf_strip(file.data, file.len, &out, &err), &err);
		memmove(out.data, out.data + 3, out.len -= 3);
		assert_true(out.len < file.len - file.len / 4);
		bare = read_spec(out.data, out.len);
		assert_same_spec(whole, bare);
		assert_ok(!skep_elf_read(&elf, out.data, out.len, &err), &err);
		for (size_t s = 0; s < elf.n_sections; s++)
			assert_null(strstr(elf.sections[s].name, ".debug"));
		assert_ok(!skep_elf_strip(out.data, out.len, &again, &err), &err);
		assert_int_equal(again.len, out.len);
		assert_memory_equal(again.data, out.data, out.len);
		skep_elf_free(&elf);
		skep_spec_free(whole);
		skep_spec_free(bare);
		skep_text_free(&out);
		skep_text_free(&again);
		free(file.data);
	}
}

static void try_strip(const uint8_t *data, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);
	struct skep_text out = { 0 };
	struct skep_error err = { 0 };
	struct skep_elf elf;

	memcpy(copy, data, len);
	if (!skep_elf_strip(copy, len, &out, &err)) {
		assert_true(out.len <= len + (64 << 10));
		assert_ok(!skep_elf_read(&elf, out.data, out.len, &err), &err);
		skep_elf_free(&elf);
	}
	skep_text_free(&out);
	free(copy);
}

static void damaged_objects_are_refused_or_stay_readable(void **state)
{
	static const uint8_t values[] = { 0x00, 0x01, 0x7f, 0xff };
	struct file file = read_fixture("load_globals", "el");

	(void)state;
	for (size_t len = 0; len < file.len; len += len < 128 ? 1 : 61)
		try_strip(file.data, len);
	for (size_t at = 0; at < file.len; at += 3) {
		uint8_t was = file.data[at];

		file.data[at] = values[at / 3 % 4];
		try_strip(file.data, file.len);
		file.data[at] = was;
	}
	free(file.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_object_without_debug_information_is_the_same),
		cmocka_unit_test(damaged_objects_are_refused_or_stay_readable),
	};

	return cmocka_run_group_tests_name("elf_strip", tests, NULL, NULL);
}
