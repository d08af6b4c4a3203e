// SPDX-License-Identifier: MIT
/* Tables of functions: what their variables say, in either byte order. */
#include "unit/spec/support.h"

#include "base/uapi.h"

static const char *program_at(const struct skep_spec *spec, const struct skep_ops_slot *slot)
{
	assert_true(slot->program < spec->n_programs);
	return spec->programs[slot->program]->name;
}

static void check_table(struct skep_spec *spec)
{
	const struct skep_map_spec *map = map_of(spec, "control");

	assert_int_equal(map->kind, SKEP_MAP_STRUCT_OPS);
	assert_int_equal(map->type, BPF_MAP_TYPE_STRUCT_OPS);
	assert_int_equal(map->key_size, 4);
	assert_int_equal(map->value_size, 56);
	assert_int_equal(map->max_entries, 1);
	assert_string_equal(skep_btf_name(spec->btf, map->value_type_id), "tcp_congestion_ops");
	assert_string_equal((const char *)map->data, "skep_control");
	assert_int_equal(map->n_ops, 4);
	assert_int_equal(map->ops[0].offset, 24);
	assert_string_equal(program_at(spec, &map->ops[0]), "on_init");
	assert_int_equal(map->ops[1].offset, 32);
	assert_string_equal(program_at(spec, &map->ops[1]), "on_undo");
	assert_string_equal(program_at(spec, &map->ops[2]), "on_ssthresh");
	assert_string_equal(program_at(spec, &map->ops[3]), "on_acks");
	assert_int_equal(program_of(spec, "on_init")->type, BPF_PROG_TYPE_STRUCT_OPS);
}

static void struct_ops_variable_is_a_map_with_its_programs(void **state)
{
	(void)state;
	in_both_orders("struct_ops", check_table);
}

static void check_switches(struct skep_spec *spec)
{
	assert_true(map_of(spec, "control")->create);
	assert_true(map_of(spec, "control")->attach);
	assert_int_equal(map_of(spec, "control")->flags, SKEP_F_LINK);
	assert_false(map_of(spec, "other")->create);
	assert_int_equal(map_of(spec, "other")->flags, SKEP_F_LINK);
	assert_false(map_of(spec, "old")->create);
	assert_int_equal(map_of(spec, "old")->flags, 0);
	assert_string_equal(program_at(spec, &map_of(spec, "other")->ops[0]), "on_other_init");
	assert_int_equal(map_of(spec, "newer")->n_ops, 5);
}

static void struct_ops_with_a_question_mark_is_not_created(void **state)
{
	(void)state;
	in_both_orders("struct_ops", check_switches);
}

/* The name of the type makes the variable no struct; that of the section hides its BTF. */
static void damaged_struct_ops_are_refused(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct skep_error err = { 0 };
		size_t len;
		uint8_t *data = read_fixture("struct_ops", orders[i], &len);

		for (size_t at = 0; at + 8 <= len; at += 8) {
			uint8_t kept = data[at];
			struct skep_spec *spec;

			data[at] ^= 0xff;
			spec = skep_spec_read(data, len, NULL, &err);
			skep_spec_free(spec);
			data[at] = kept;
		}
		free(data);
	}
}

static void address_of_what_is_no_program_is_told(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct skep_error err = { 0 };

		/* Without a section of its own, a function is a subprogram. */
		assert_null(open_renamed("struct_ops", orders[i], "struct_ops/new_function",
					 ".text/new/new_function1", &err));
		assert_error_says(&err, "is the address of 'on_new', which is no program");
		assert_error_says(&err, "SEC(\"struct_ops/NAME\")");
	}
}

static void check_changes(struct skep_spec *spec)
{
	struct skep_map_spec *map = map_of(spec, "partly");
	struct skep_error err = { 0 };
	size_t size;
	char *name = skep_map_spec_member(spec, map, "name", &size, &err);

	assert_ok(name, &err);
	assert_int_equal(size, 16);
	assert_string_equal(name, "skep_partly");
	assert_int_equal(map->n_ops, 1);
	assert_ok(
		!skep_map_spec_function(spec, map, "cong_avoid", program_of(spec, "on_acks"), &err),
		&err);
	assert_ok(
		!skep_map_spec_function(spec, map, "undo_cwnd", program_of(spec, "on_undo"), &err),
		&err);
	assert_ok(!skep_map_spec_function(spec, map, "init", NULL, &err), &err);
	assert_int_equal(map->n_ops, 3);
	assert_int_equal(map->ops[0].program, SKEP_NO_PROGRAM);
	assert_int_equal(map->ops[1].offset, 32);
	assert_string_equal(program_at(spec, &map->ops[1]), "on_undo");
	assert_string_equal(program_at(spec, &map->ops[2]), "on_acks");
	assert_null(skep_map_spec_member(spec, map, "init", NULL, &err));
	assert_error_says(&err, "skep_map_spec_function() changes it");
	assert_null(skep_map_spec_member(spec, map, "none", NULL, &err));
	assert_error_says(&err, "map 'partly': its struct tcp_congestion_ops has no member 'none'");
	assert_int_equal(skep_map_spec_function(spec, map, "name", NULL, &err), -EINVAL);
	assert_null(skep_map_spec_member(spec, map_of(spec, ".bss"), "name", NULL, &err));
	assert_null(skep_map_spec_member(spec, NULL, "name", NULL, &err));
	assert_int_equal(skep_map_spec_function(NULL, map, "init", NULL, &err), -EINVAL);
}

static void members_of_struct_ops_are_set_by_name(void **state)
{
	(void)state;
	in_both_orders("struct_ops", check_changes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(struct_ops_variable_is_a_map_with_its_programs),
		cmocka_unit_test(struct_ops_with_a_question_mark_is_not_created),
		cmocka_unit_test(damaged_struct_ops_are_refused),
		cmocka_unit_test(members_of_struct_ops_are_set_by_name),
		cmocka_unit_test(address_of_what_is_no_program_is_told),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
