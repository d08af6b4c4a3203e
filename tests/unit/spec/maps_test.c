// SPDX-License-Identifier: MIT
/* Maps as objects define them. */
#include "support.h"

static const char *type_name(struct skep_spec *spec, uint32_t id)
{
	return skep_btf_name(spec->btf, skep_btf_resolve(spec->btf, id));
}

static void check_attributes(struct skep_spec *spec)
{
	const struct skep_map_spec *m = map_of(spec, "typed");

	assert_int_equal(m->kind, SKEP_MAP_DEFINED);
	assert_int_equal(m->type, BPF_MAP_TYPE_HASH);
	assert_int_equal(m->key_size, 8);
	assert_int_equal(m->value_size, 32);
	assert_int_equal(m->max_entries, 1024);
	assert_int_equal(m->flags, BPF_F_NO_PREALLOC | BPF_F_NUMA_NODE);
	assert_int_equal(m->numa_node, 3);
	assert_int_equal(m->pinning, 1);
	assert_true(m->create);
	assert_null(m->data);
	assert_string_equal(type_name(spec, m->key_type_id), "key");
	assert_string_equal(type_name(spec, m->value_type_id), "value");
}

static void map_has_the_attributes_of_its_definition(void **state)
{
	(void)state;
	in_both_orders("spec_maps", check_attributes);
}

static void check_sizes(struct skep_spec *spec)
{
	const struct skep_map_spec *m = map_of(spec, "sized");

	assert_int_equal(m->type, BPF_MAP_TYPE_LRU_HASH);
	assert_int_equal(m->key_size, 12);
	assert_int_equal(m->value_size, 32);
	assert_int_equal(m->key_type_id, 0);
	assert_int_equal(m->value_type_id, 0);
	assert_int_equal(m->max_entries, 7);

	m = map_of(spec, "both_ways");
	assert_int_equal(m->key_size, 4);
	assert_int_equal(m->value_size, 8);
	assert_true(m->key_type_id && m->value_type_id);
}

static void map_can_be_given_sizes_types_or_both(void **state)
{
	(void)state;
	in_both_orders("spec_maps", check_sizes);
}

static void check_extra(struct skep_spec *spec)
{
	assert_int_equal(map_of(spec, "bloom")->extra, 5);
	assert_int_equal(map_of(spec, "far_away")->extra, 1ull << 44);
	assert_int_equal(map_of(spec, "typed")->extra, 0);
}

static void map_extra_is_a_number_or_a_wide_one(void **state)
{
	(void)state;
	in_both_orders("spec_maps", check_extra);
}

static void check_hidden(struct skep_spec *spec)
{
	assert_int_equal(map_of(spec, "behind_typedef")->type, BPF_MAP_TYPE_PERCPU_ARRAY);
	assert_int_equal(map_of(spec, "behind_typedef")->value_size, 8);
	assert_int_equal(map_of(spec, "static_map")->type, BPF_MAP_TYPE_QUEUE);
	assert_int_equal(map_of(spec, "static_map")->max_entries, 9);
}

static void map_may_be_static_or_of_a_named_type(void **state)
{
	(void)state;
	in_both_orders("spec_maps", check_hidden);
}

static uint32_t index_of_map(struct skep_spec *spec, const char *name)
{
	for (uint32_t i = 0; i < spec->n_maps; i++)
		if (!strcmp(spec->maps[i]->name, name))
			return i;
	fail_msg("there is no map '%s'", name);
	return 0;
}

static void check_inner(struct skep_spec *spec)
{
	const struct skep_map_spec *m = map_of(spec, "outer");

	assert_int_equal(m->type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	assert_int_equal(m->key_size, 4);
	assert_non_null(m->inner);
	assert_int_equal(m->inner->type, BPF_MAP_TYPE_ARRAY);
	assert_int_equal(m->inner->value_size, 32);
	assert_int_equal(m->inner->max_entries, 3);
	assert_null(m->inner->inner);

	m = map_of(spec, "nameless_inner");
	assert_int_equal(m->key_size, 8);
	assert_int_equal(m->inner->type, BPF_MAP_TYPE_HASH);
	assert_int_equal(m->inner->key_size, 2);
	assert_int_equal(m->inner->value_size, 6);
	assert_int_equal(m->inner->flags, BPF_F_NO_PREALLOC);
	assert_int_equal(m->n_slots, 0);
}

static void map_in_map_has_the_inner_definition(void **state)
{
	(void)state;
	in_both_orders("spec_maps", check_inner);
}

static void check_slots(struct skep_spec *spec)
{
	const struct skep_map_spec *m = map_of(spec, "outer");

	assert_int_equal(m->n_slots, 2);
	assert_int_equal(m->slots[0].key, 1);
	assert_false(m->slots[0].is_program);
	assert_int_equal(m->slots[0].index, index_of_map(spec, "second_inner"));
	assert_int_equal(m->slots[1].key, 5);
	assert_int_equal(m->slots[1].index, index_of_map(spec, "first_inner"));

	m = map_of(spec, "tails");
	assert_null(m->inner);
	assert_int_equal(m->n_slots, 2);
	assert_true(m->slots[0].is_program && m->slots[1].is_program);
	assert_int_equal(m->slots[0].key, 0);
	assert_string_equal(spec->programs[m->slots[0].index]->name, "tail_one");
	assert_int_equal(m->slots[1].key, 3);
	assert_string_equal(spec->programs[m->slots[1].index]->name, "tail_two");
}

static void slots_name_the_maps_and_programs_that_fill_them(void **state)
{
	(void)state;
	in_both_orders("spec_maps", check_slots);
}

static void check_channels(struct skep_spec *spec)
{
	const struct skep_map_spec *ring = map_of(spec, "shared");
	const struct skep_map_spec *percpu = map_of(spec, "percpu");

	assert_int_equal(ring->type, BPF_MAP_TYPE_RINGBUF);
	assert_int_equal(ring->max_entries, 1 << 16);
	assert_int_equal(ring->key_size, 0);
	assert_int_equal(percpu->type, BPF_MAP_TYPE_ARRAY);
	assert_int_equal(percpu->flags, BPF_F_MMAPABLE);
	assert_int_equal(percpu->max_entries, 0);
	assert_true(percpu->value_size > 1 << 12);
	assert_string_equal(type_name(spec, percpu->value_type_id), "percpu__value");
	assert_string_equal(type_name(spec, map_of(spec, "shared__cpu")->value_type_id),
			    "shared__value");
}

static void channels_are_maps(void **state)
{
	(void)state;
	in_both_orders("spec_maps", check_channels);
}

static void check_legacy(struct skep_spec *spec)
{
	const struct skep_map_spec *m = map_of(spec, "counts");

	assert_int_equal(m->kind, SKEP_MAP_LEGACY);
	assert_int_equal(m->type, BPF_MAP_TYPE_HASH);
	assert_int_equal(m->key_size, 4);
	assert_int_equal(m->value_size, 8);
	assert_int_equal(m->max_entries, 512);
	assert_int_equal(m->flags, BPF_F_NO_PREALLOC);
	m = map_of(spec, "totals");
	assert_int_equal(m->type, BPF_MAP_TYPE_ARRAY);
	assert_int_equal(m->value_size, 16);
	assert_int_equal(spec->n_maps, 2);
}

static void map_may_be_defined_as_before_btf(void **state)
{
	(void)state;
	in_both_orders("spec_legacy", check_legacy);
}

static void unknown_member_is_refused_with_those_there_are(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct skep_error err = { 0 };

		assert_null(open_renamed("spec_maps", orders[i], "numa_node", "numa_mode", &err));
		assert_int_equal(err.code, EINVAL);
		assert_int_equal(err.stage, SKEP_STAGE_READ);
		assert_string_equal(err.object, "object");
		assert_string_equal(err.subject, "map 'typed'");
		assert_non_null(strstr(err.cause, "numa_mode"));
		assert_non_null(strstr(err.hint, "numa_node"));
	}
}

static void wrong_definitions_are_refused_by_name(void **state)
{
	static const struct {
		const char *section, *map, *says;
	} cases[] = {
		{ ".mapA", "no_type", "type" },
		{ ".mapB", "number_as_type", "'max_entries' should be written with __uint()" },
		{ ".mapC", "type_as_variable", "'key' should be written with __type()" },
		{ ".mapD", "two_key_sizes", "'key_size' says 4 bytes, another member said 8" },
		{ ".mapE", "two_value_sizes", "'value' says 8 bytes, another member said 4" },
		{ ".mapF", "strange_pinning", "'pinning' should be 0 or 1" },
		{ ".mapG", "strange_values", "'values' should be" },
		{ ".mapH", "too_deep", "one level" },
		{ ".mapI", "no_size", "'value' should be a type that has a size" },
		{ ".mapJ", "no_struct", "is no struct" },
		{ ".mapK", "strange_slot", "neither a map nor a program" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct skep_error err = { 0 };

		assert_null(
			open_renamed("spec_wrong", orders[i % 2], cases[i].section, ".maps", &err));
		assert_int_equal(err.code, EINVAL);
		assert_int_equal(err.stage, SKEP_STAGE_READ);
		assert_error_says(&err, cases[i].map);
		assert_error_says(&err, cases[i].says);
	}
}

static void map_without_btf_is_refused_with_the_flag_to_compile_with(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct skep_error err = { 0 };

		assert_null(open_renamed("spec_maps", orders[i], ".BTF", ".BTX", &err));
		assert_int_equal(err.code, EINVAL);
		assert_int_equal(err.stage, SKEP_STAGE_READ);
		assert_non_null(strstr(err.cause, ".maps"));
		assert_non_null(strstr(err.hint, "-g"));
	}
}

static void unknown_members_are_refused_unless_that_is_asked_for(void **state)
{
	const struct skep_spec_opts opts = { .size = sizeof(opts), .relaxed_maps = true };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct skep_error err = { 0 };
		size_t len;
		uint8_t *data = read_fixture("spec_maps", orders[i], &len);
		struct skep_spec *spec;

		rename_in(data, len, "numa_node", "nume_nodo");
		assert_null(skep_spec_read(data, len, NULL, &err));
		assert_error_says(&err, "member 'nume_nodo' is unknown");
		spec = skep_spec_read(data, len, &opts, &err);
		assert_ok(spec, &err);
		for (size_t m = 0; m < spec->n_maps; m++)
			assert_int_equal(spec->maps[m]->numa_node, 0);
		skep_spec_free(spec);
		free(data);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unknown_members_are_refused_unless_that_is_asked_for),
		cmocka_unit_test(map_has_the_attributes_of_its_definition),
		cmocka_unit_test(map_can_be_given_sizes_types_or_both),
		cmocka_unit_test(map_extra_is_a_number_or_a_wide_one),
		cmocka_unit_test(map_may_be_static_or_of_a_named_type),
		cmocka_unit_test(map_in_map_has_the_inner_definition),
		cmocka_unit_test(slots_name_the_maps_and_programs_that_fill_them),
		cmocka_unit_test(channels_are_maps),
		cmocka_unit_test(map_may_be_defined_as_before_btf),
		cmocka_unit_test(unknown_member_is_refused_with_those_there_are),
		cmocka_unit_test(wrong_definitions_are_refused_by_name),
		cmocka_unit_test(map_without_btf_is_refused_with_the_flag_to_compile_with),
	};

	return cmocka_run_group_tests_name("spec_maps", tests, NULL, NULL);
}
