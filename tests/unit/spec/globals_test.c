// SPDX-License-Identifier: MIT
/* Sections of data are maps, and what is in them are variables. */
#include "support.h"

static const struct skep_global_spec *global_of(struct skep_spec *spec, const char *name)
{
	const struct skep_global_spec *g = skep_spec_global(spec, name);

	if (!g)
		fail_msg("there is no variable '%s'", name);
	return g;
}

/* The variable's bytes as a number in the object's byte order. */
static uint64_t value_of(struct skep_spec *spec, const char *name)
{
	const struct skep_global_spec *g = global_of(spec, name);
	const uint8_t *p = spec->maps[g->map]->data + g->offset;
	uint64_t value = 0;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	bool little = !spec->is_foreign;
#else
	bool little = spec->is_foreign;
#endif

	assert_true(g->size <= 8);
	for (uint32_t i = 0; i < g->size; i++)
		value = value << 8 | p[little ? g->size - 1 - i : i];
	return value;
}

static void check_sections(struct skep_spec *spec)
{
	static const struct {
		const char *name;
		uint32_t flags;
	} sections[] = {
		{ ".data", BPF_F_MMAPABLE },
		{ ".bss", BPF_F_MMAPABLE },
		{ ".rodata", BPF_F_MMAPABLE | BPF_F_RDONLY_PROG },
		{ ".data.own", BPF_F_MMAPABLE },
		{ ".bss.own", BPF_F_MMAPABLE },
		{ ".rodata.own", BPF_F_MMAPABLE | BPF_F_RDONLY_PROG },
	};

	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		const struct skep_map_spec *m = map_of(spec, sections[i].name);
		const struct btf_type *t = skep_btf_type(spec->btf, m->value_type_id);

		assert_int_equal(m->kind, SKEP_MAP_DATA);
		assert_int_equal(m->type, BPF_MAP_TYPE_ARRAY);
		assert_int_equal(m->key_size, 4);
		assert_int_equal(m->max_entries, 1);
		assert_int_equal(m->flags, sections[i].flags);
		assert_non_null(m->data);
		assert_int_equal(skep_btf_kind(t), BTF_KIND_DATASEC);
		/* Compilers leave these to the linker; the kernel wants them. */
		assert_int_equal(t->size, m->value_size);
		for (uint16_t k = 1; k < skep_btf_vlen(t); k++)
			assert_true(skep_btf_secinfos(t)[k].offset >
				    skep_btf_secinfos(t)[k - 1].offset);
	}
}

static void sections_of_data_are_maps_whose_btf_is_mended(void **state)
{
	(void)state;
	in_both_orders("spec_globals", check_sections);
}

static void check_values(struct skep_spec *spec)
{
	const struct skep_global_spec *name = global_of(spec, "a_name");

	assert_int_equal(value_of(spec, "a_u8"), 7);
	assert_int_equal(value_of(spec, "a_s8"), 0xf9);
	assert_int_equal(value_of(spec, "a_u16"), 0);
	assert_int_equal(value_of(spec, "a_u64"), 1);
	assert_int_equal(value_of(spec, "limit"), 0x1122334455667788);
	assert_int_equal(value_of(spec, "own"), 42);
	assert_int_equal(value_of(spec, "own_const"), 9);
	assert_int_equal(value_of(spec, "own_zero"), 0);
	assert_int_equal(value_of(spec, "hidden_state"), 0);
	assert_memory_equal(spec->maps[name->map]->data + name->offset, "before\0", 8);
}

static void variables_have_the_values_of_the_source(void **state)
{
	(void)state;
	in_both_orders("spec_globals", check_values);
}

static void check_places(struct skep_spec *spec)
{
	static const struct {
		const char *name, *section;
		uint32_t size;
		bool is_const, is_static;
	} places[] = {
		{ "a_u8", ".rodata", 1, true, false },
		{ "a_s128", ".rodata", 16, true, false },
		{ "a_name", ".rodata", 8, true, false },
		{ "counter", ".bss", 4, false, false },
		{ "limit", ".data", 8, false, false },
		{ "place", ".data", 8, false, false },
		{ "own", ".data.own", 4, false, false },
		{ "own_zero", ".bss.own", 4, false, false },
		{ "own_const", ".rodata.own", 4, true, false },
		{ "hidden_state", ".bss", 4, false, true },
	};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		const struct skep_global_spec *g = global_of(spec, places[i].name);

		assert_string_equal(spec->maps[g->map]->name, places[i].section);
		assert_int_equal(g->size, places[i].size);
		assert_int_equal(g->is_const, places[i].is_const);
		assert_int_equal(g->is_static, places[i].is_static);
		assert_int_equal(skep_btf_sizeof(spec->btf, g->type_id), g->size);
	}
	assert_null(skep_spec_global(spec, "LICENSE"));
}

static void variables_have_a_section_a_size_and_a_type(void **state)
{
	(void)state;
	in_both_orders("spec_globals", check_places);
}

static void variables_do_not_overlap(void **state)
{
	(void)state;
	for (int order = 0; order < 2; order++) {
		struct skep_spec *spec = open_fixture("spec_globals", orders[order]);

		for (size_t i = 0; i < spec->n_globals; i++)
			for (size_t k = 0; k < i; k++) {
				const struct skep_global_spec *a = spec->globals[i];
				const struct skep_global_spec *b = spec->globals[k];

				assert_true(a->map != b->map || a->offset + a->size <= b->offset ||
					    b->offset + b->size <= a->offset);
			}
		skep_spec_free(spec);
	}
}

/* Each number of four bytes in the object's order. */
static void turn_words(const struct skep_spec *spec, void *out, const void *in, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t word;

		memcpy(&word, (const uint8_t *)in + 4 * i, 4);
		word = spec->is_foreign ? __builtin_bswap32(word) : word;
		memcpy((uint8_t *)out + 4 * i, &word, 4);
	}
}

static void check_bytes(struct skep_spec *spec)
{
	const struct skep_global_spec *g = global_of(spec, "place");
	const int32_t native[2] = { 100, -200 };
	struct skep_error err = { 0 };
	int32_t point[2];

	turn_words(spec, point, native, 2);
	assert_ok(!skep_spec_set_global(spec, "place", native, sizeof(native), &err), &err);
	assert_memory_equal(spec->maps[g->map]->data + g->offset, point, sizeof(point));
	assert_int_equal(value_of(spec, "limit"), 0x1122334455667788);

	assert_int_equal(skep_spec_set_global(spec, "place", point, 4, &err), -EINVAL);
	assert_int_equal(err.stage, SKEP_STAGE_USAGE);
	assert_error_says(&err, "place");
	assert_error_says(&err, "8 bytes, not 4");
	assert_memory_equal(spec->maps[g->map]->data + g->offset, point, sizeof(point));
}

static void variable_is_set_from_exactly_its_bytes(void **state)
{
	(void)state;
	in_both_orders("spec_globals", check_bytes);
}

static void check_resize(struct skep_spec *spec)
{
	struct skep_map_spec *list = skep_spec_map(spec, ".data.list");
	struct skep_map_spec *twins = skep_spec_map(spec, ".bss.twins");
	struct skep_error err = { 0 };
	const struct btf_type *array;

	assert_ok(!skep_map_spec_resize(spec, list, 4 + 4 * 50, &err), &err);
	assert_int_equal(list->value_size, 204);
	assert_int_equal(global_of(spec, "list")->size, 200);
	assert_int_equal(value_of(spec, "count"), 2);
	assert_int_equal(skep_btf_sizeof(spec->btf, list->value_type_id), 204);
	array = skep_btf_type(spec->btf, global_of(spec, "list")->type_id);
	assert_int_equal(skep_btf_array(array)->nelems, 50);

	assert_ok(!skep_map_spec_resize(spec, twins, 80, &err), &err);
	array = skep_btf_type(spec->btf, global_of(spec, "two")->type_id);
	assert_int_equal(skep_btf_array(array)->nelems, 3);
	assert_int_equal(skep_btf_sizeof(spec->btf, twins->value_type_id), 80);
	assert_ok(!skep_map_spec_resize(spec, twins, 40, &err), &err);
	assert_int_equal(twins->value_type_id, 0);
}

static void a_section_is_resized_with_its_btf(void **state)
{
	(void)state;
	in_both_orders("spec_resize", check_resize);
}

static void check_wrong_sizes(struct skep_spec *spec)
{
	struct skep_error err = { 0 };

	assert_int_equal(skep_map_spec_resize(spec, skep_spec_map(spec, ".data.list"), 11, &err),
			 -EINVAL);
	assert_error_says(&err, "map '.data.list'");
	assert_error_says(&err, "4 bytes that an element of 'list' has");
	assert_int_equal(skep_map_spec_resize(spec, skep_spec_map(spec, ".data.alone"), 80, &err),
			 -EINVAL);
	assert_error_says(&err, "'alone', is no array");
	assert_int_equal(
		skep_map_spec_resize(spec, skep_spec_map(spec, ".data.list"), 1u << 30, &err),
		-EINVAL);
	assert_int_equal(skep_map_spec_resize(spec, NULL, 8, &err), -EINVAL);
	assert_int_equal(value_of(spec, "alone"), 1);
}

static void a_section_is_not_resized_to_part_of_an_element(void **state)
{
	(void)state;
	in_both_orders("spec_resize", check_wrong_sizes);
}

static void check_arena(struct skep_spec *spec)
{
	const struct skep_map_spec *arena = skep_spec_map(spec, "arena");

	assert_non_null(arena);
	assert_int_equal(arena->value_size, 0);
	assert_int_equal(arena->data_size, 8016);
	assert_ptr_equal(spec->maps[global_of(spec, "table")->map], arena);
	assert_int_equal(global_of(spec, "table")->size, 8000);
	assert_int_equal(value_of(spec, "counter"), 7);
	assert_null(skep_spec_map(spec, ".addr_space.1"));
}

static void variables_in_an_arena_are_its_data(void **state)
{
	(void)state;
	in_both_orders("map_arena", check_arena);
}

static void set_text(struct skep_spec *spec, const char *name, const char *text)
{
	struct skep_error err = { 0 };

	assert_ok(!skep_spec_parse_global(spec, name, text, &err), &err);
}

static void check_order(struct skep_spec *spec)
{
	const uint32_t native[4] = { 1, 0x10000, 3, 4 }, table[4] = { 5, 6, 7, 0x80000000 };
	const struct skep_global_spec *ports = global_of(spec, "some_ports");
	struct skep_error err = { 0 };
	uint32_t turned[4];

	set_text(spec, "a_u16", "0x1234");
	assert_int_equal(value_of(spec, "a_u16"), 0x1234);
	set_text(spec, "a_u64", "0x123456789abcdef0");
	assert_int_equal(value_of(spec, "a_u64"), 0x123456789abcdef0);
	set_text(spec, "a_color", "GREEN");
	assert_int_equal(value_of(spec, "a_color"), 5);
	set_text(spec, "some_ports", "1,0x10000,3,4");
	turn_words(spec, turned, native, 4);
	assert_memory_equal(spec->maps[ports->map]->data + ports->offset, turned, 16);
	assert_ok(!skep_spec_set_global(spec, "a_table", table, sizeof(table), &err), &err);
	turn_words(spec, turned, table, 4);
	assert_memory_equal(spec->maps[ports->map]->data + global_of(spec, "a_table")->offset,
			    turned, 16);
	assert_int_equal(skep_spec_set_global(spec, "a_u16", NULL, 2, &err), -EINVAL);
	assert_int_equal(skep_spec_set_global(spec, "some_bits", table, 4, &err),
			 spec->is_foreign ? -ENOTSUP : 0);
	if (spec->is_foreign)
		assert_error_says(&err, "bitfields");
}

static void values_are_written_in_the_objects_order(void **state)
{
	(void)state;
	in_both_orders("spec_globals", check_order);
}

static void check_near_names(struct skep_spec *spec)
{
	struct skep_error err = { 0 };

	assert_int_equal(skep_spec_set_global(spec, "countre", "", 0, &err), -ENOENT);
	assert_int_equal(err.code, ENOENT);
	assert_non_null(strstr(err.cause, "countre"));
	assert_string_equal(err.hint, "did you mean 'counter'?");
	assert_int_equal(skep_spec_parse_global(spec, "nothing_like_it", "1", &err), -ENOENT);
	assert_non_null(strstr(err.hint, "there are: "));
	assert_null(strstr(err.hint, "hidden_state"));
}

static void unknown_variable_is_answered_with_near_names(void **state)
{
	(void)state;
	in_both_orders("spec_globals", check_near_names);
}

static void variables_without_btf_are_their_symbols(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct skep_error err = { 0 };
		struct skep_spec *spec =
			open_renamed("spec_globals", orders[i], ".BTF", ".BTX", &err);

		assert_ok(spec, &err);
		assert_null(spec->btf);
		assert_int_equal(value_of(spec, "own"), 42);
		assert_int_equal(global_of(spec, "place")->size, 8);
		assert_int_equal(global_of(spec, "place")->type_id, 0);
		assert_true(global_of(spec, "hidden_state")->is_static);
		assert_int_equal(skep_spec_parse_global(spec, "own", "1", &err), -ENOTSUP);
		assert_error_says(&err, "compile with -g");
		assert_int_equal(skep_spec_set_global(spec, "own", "1234", 4, &err),
				 spec->is_foreign ? -ENOTSUP : 0);
		skep_spec_free(spec);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sections_of_data_are_maps_whose_btf_is_mended),
		cmocka_unit_test(variables_have_the_values_of_the_source),
		cmocka_unit_test(variables_have_a_section_a_size_and_a_type),
		cmocka_unit_test(variables_do_not_overlap),
		cmocka_unit_test(variable_is_set_from_exactly_its_bytes),
		cmocka_unit_test(values_are_written_in_the_objects_order),
		cmocka_unit_test(variables_in_an_arena_are_its_data),
		cmocka_unit_test(a_section_is_resized_with_its_btf),
		cmocka_unit_test(a_section_is_not_resized_to_part_of_an_element),
		cmocka_unit_test(unknown_variable_is_answered_with_near_names),
		cmocka_unit_test(variables_without_btf_are_their_symbols),
	};

	return cmocka_run_group_tests_name("spec_globals", tests, NULL, NULL);
}
