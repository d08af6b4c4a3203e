// SPDX-License-Identifier: MIT
/* Jump tables: places in a section become places in the function that refers to them. */
#include "support.h"

static const struct skep_jump_table *table_of(const struct skep_spec *spec, const char *function)
{
	for (size_t i = 0; i < spec->n_functions; i++) {
		const struct skep_function *f = spec->functions[i];

		for (size_t r = 0; !strcmp(f->name, function) && r < f->n_refs; r++)
			if (f->refs[r].kind == SKEP_REF_TABLE)
				return spec->tables[f->refs[r].index];
	}
	fail_msg("'%s' has no jump table", function);
	return NULL;
}

static void check_table(const struct skep_spec *spec, const char *function, const char *name,
			uint32_t first, int32_t step)
{
	const struct skep_jump_table *table = table_of(spec, function);

	assert_string_equal(table->name, name);
	assert_int_equal(table->n_targets, 3);
	for (int i = 0; i < 3; i++)
		assert_int_equal(table->targets[i], (int32_t)first + i * step);
}

static void check(struct skep_spec *spec)
{
	assert_int_equal(spec->n_tables, 2);
	check_table(spec, "jumps", "BPF.JT.0.0", 10, 2);
	check_table(spec, "second_digit", "BPF.JT.1.0", 11, -2);
}

static void jump_tables_lead_into_their_functions(void **state)
{
	(void)state;
	in_both_orders("load_jumps", check);
}

/* The bytes of a target, of the object's byte order. */
static void target_bytes(const char *order, uint64_t target, uint8_t bytes[8])
{
	for (int i = 0; i < 8; i++)
		bytes[order[1] == 'l' ? i : 7 - i] = (uint8_t)(target >> 8 * i);
}

/* Opens the fixture with another first target in the table of `jumps`: places 10, 12, 14. */
static struct skep_spec *open_with(const char *order, uint64_t target, struct skep_error *err)
{
	uint8_t found[24], other[8];
	struct skep_spec *spec;
	uint8_t *data;
	size_t len, at = 0;

	for (int i = 0; i < 3; i++)
		target_bytes(order, 80 + 16ull * i, found + 8 * i);
	target_bytes(order, target, other);
	data = read_fixture("load_jumps", order, &len);
	while (at + sizeof(found) <= len && memcmp(data + at, found, sizeof(found)) != 0)
		at++;
	assert_true(at + sizeof(found) <= len);
	memcpy(data + at, other, sizeof(other));
	spec = skep_spec_read(data, len, NULL, err);
	free(data);
	return spec;
}

static void targets_outside_of_the_function_are_refused(void **state)
{
	const uint64_t targets[] = { 84, 22 * 8, UINT64_MAX - 7, 1ull << 35 };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct skep_error err = { 0 };
		struct skep_spec *spec = open_with(orders[i], 21 * 8, &err);

		assert_ok(spec, &err);
		skep_spec_free(spec);
		for (size_t k = 0; k < sizeof(targets) / sizeof(targets[0]); k++) {
			assert_null(open_with(orders[i], targets[k], &err));
			assert_int_equal(err.code, EINVAL);
			assert_error_says(&err, "its jump table 'BPF.JT.0.0' leads out of it");
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(jump_tables_lead_into_their_functions),
		cmocka_unit_test(targets_outside_of_the_function_are_refused),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
