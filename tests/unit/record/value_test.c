// SPDX-License-Identifier: MIT
/* Values of columns, as filters and tables take them. */
#include "support.h"

static struct skep_text scratch;

static struct skep_value value_of(const struct skep_schema *schema, const char *column,
				  const void *data, size_t len)
{
	struct skep_value value;
	int i = skep_schema_find_column(schema, column);

	assert_true(i >= 0);
	skep_record_value(schema, (size_t)i, data, len, &scratch, &value);
	return value;
}

static void is_text(const struct skep_value *value, const char *text)
{
	assert_int_equal(value->kind, SKEP_VALUE_TEXT);
	assert_int_equal(value->text.len, strlen(text));
	assert_memory_equal(value->text.data, text, strlen(text));
}

struct sample {
	uint64_t u;
	int64_t i;
	double d;
	float f;
	bool b;
	char c;
	char comm[6];
	int32_t e;
	uint16_t list[2];
	uint64_t p;
};

static struct skep_schema *sample_schema(void)
{
	struct skep_btf_builder *b = new_types();

	skep_btf_builder_array(b, CHAR, U32, 6);
	skep_btf_builder_array(b, U16, U32, 2);
	skep_btf_builder_enum(b, "color", 4, true);
	skep_btf_builder_value(b, "RED", -1);
	skep_btf_builder_value(b, "BLUE", 2);
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "sample", sizeof(struct sample));
	skep_btf_builder_member(b, "u", U64, 8 * offsetof(struct sample, u), 0);
	skep_btf_builder_member(b, "i", S64, 8 * offsetof(struct sample, i), 0);
	skep_btf_builder_member(b, "d", DOUBLE, 8 * offsetof(struct sample, d), 0);
	skep_btf_builder_member(b, "f", FLOAT, 8 * offsetof(struct sample, f), 0);
	skep_btf_builder_member(b, "b", BOOL, 8 * offsetof(struct sample, b), 0);
	skep_btf_builder_member(b, "c", CHAR, 8 * offsetof(struct sample, c), 0);
	skep_btf_builder_member(b, "comm", N_BASE, 8 * offsetof(struct sample, comm), 0);
	skep_btf_builder_member(b, "e", N_BASE + 2, 8 * offsetof(struct sample, e), 0);
	skep_btf_builder_member(b, "list", N_BASE + 1, 8 * offsetof(struct sample, list), 0);
	skep_btf_builder_member(b, "p", VOID_PTR, 8 * offsetof(struct sample, p), 0);
	return last_type(b);
}

static const struct sample sample = { UINT64_MAX, -5,	  1.5, 0.25,	 true,
				      'x',	  "a\nb", -1,  { 1, 2 }, 0xffff888100000000 };

static void values_keep_their_type(void **state)
{
	struct skep_schema *schema = sample_schema();
	struct skep_value v;

	(void)state;
	v = value_of(schema, "u", &sample, sizeof(sample));
	assert_true(v.kind == SKEP_VALUE_UNSIGNED && v.u == UINT64_MAX);
	v = value_of(schema, "i", &sample, sizeof(sample));
	assert_true(v.kind == SKEP_VALUE_SIGNED && v.i == -5);
	v = value_of(schema, "d", &sample, sizeof(sample));
	assert_true(v.kind == SKEP_VALUE_DOUBLE && v.d == 1.5);
	v = value_of(schema, "f", &sample, sizeof(sample));
	assert_true(v.kind == SKEP_VALUE_DOUBLE && v.d == 0.25);
	v = value_of(schema, "b", &sample, sizeof(sample));
	assert_true(v.kind == SKEP_VALUE_BOOL && v.b);
	v = value_of(schema, "p", &sample, sizeof(sample));
	assert_true(v.kind == SKEP_VALUE_UNSIGNED && v.u == 0xffff888100000000);
	v = value_of(schema, "c", &sample, sizeof(sample));
	is_text(&v, "x");
	v = value_of(schema, "comm", &sample, sizeof(sample));
	is_text(&v, "a\nb");
	assert_ptr_equal(v.text.data, sample.comm);
	v = value_of(schema, "list", &sample, sizeof(sample));
	is_text(&v, "[1,2]");
	skep_schema_free(schema);
}

static void names_are_text_with_a_number_behind(void **state)
{
	struct skep_schema *schema = sample_schema();
	size_t e = (size_t)skep_schema_find_column(schema, "e");
	struct sample unknown = sample;
	struct skep_value v;

	(void)state;
	unknown.e = -7;
	v = value_of(schema, "e", &sample, sizeof(sample));
	is_text(&v, "RED");
	assert_true(skep_record_number(schema, e, &sample, sizeof(sample), &v));
	assert_true(v.kind == SKEP_VALUE_SIGNED && v.i == -1);
	v = value_of(schema, "e", &unknown, sizeof(unknown));
	assert_true(v.kind == SKEP_VALUE_SIGNED && v.i == -7);
	assert_false(skep_record_number(schema, e + 1, &sample, sizeof(sample), &v));
	assert_false(skep_record_number(schema, e, &sample, 20, &v));
	skep_schema_free(schema);
}

static void columns_say_what_their_values_are(void **state)
{
	static const enum skep_value_kind kinds[] = {
		SKEP_VALUE_UNSIGNED, SKEP_VALUE_SIGNED,	  SKEP_VALUE_DOUBLE, SKEP_VALUE_DOUBLE,
		SKEP_VALUE_BOOL,     SKEP_VALUE_TEXT,	  SKEP_VALUE_TEXT,   SKEP_VALUE_TEXT,
		SKEP_VALUE_TEXT,     SKEP_VALUE_UNSIGNED, SKEP_VALUE_NONE,
	};
	struct skep_schema *schema = sample_schema();

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		assert_int_equal(skep_schema_column_kind(schema, i), kinds[i]);
	assert_string_equal(skep_schema_column_meaning(schema, 0), "");
	assert_null(skep_schema_column_meaning(schema, 10));
	assert_int_equal(skep_schema_find_column(schema, "COMM"), 6);
	assert_int_equal(skep_schema_find_column(schema, "com"), -1);
	assert_int_equal(skep_schema_find_column(schema, NULL), -1);
	skep_schema_free(schema);
}

static void what_is_not_there_has_no_value(void **state)
{
	struct skep_schema *schema = sample_schema();
	struct skep_value v;

	(void)state;
	v = value_of(schema, "e", &sample, offsetof(struct sample, e) + 3);
	assert_int_equal(v.kind, SKEP_VALUE_NONE);
	v = value_of(schema, "u", NULL, 0);
	assert_int_equal(v.kind, SKEP_VALUE_NONE);
	skep_record_value(schema, 99, &sample, sizeof(sample), &scratch, &v);
	assert_int_equal(v.kind, SKEP_VALUE_NONE);
	skep_record_value(NULL, 0, &sample, sizeof(sample), &scratch, &v);
	assert_int_equal(v.kind, SKEP_VALUE_NONE);
	skep_record_value(schema, 0, &sample, sizeof(sample), &scratch, NULL);
	skep_schema_free(schema);
}

static void numbers_of_128_bits_are_exact(void **state)
{
	struct skep_schema *schema = one_member(new_types(), S128, 16);
	__int128 record = -3;
	struct skep_value v = value_of(schema, "x", &record, sizeof(record));

	(void)state;
	assert_true(v.kind == SKEP_VALUE_SIGNED && v.i == -3);
	record = (__int128)1 << 64;
	v = value_of(schema, "x", &record, sizeof(record));
	is_text(&v, "18446744073709551616");
	assert_false(skep_record_number(schema, 0, &record, sizeof(record), &v));
	skep_schema_free(schema);
}

static struct skep_value value_as(uint32_t type, uint32_t n, const char *text, const void *data,
				  uint32_t size)
{
	struct skep_error err = { 0 };
	struct skep_schema *schema = try_one(type, size, n, text, &err);
	struct skep_value value;

	assert_ok(schema, &err);
	assert_string_equal(skep_schema_column_meaning(schema, 0), text + strlen("skep:"));
	value = value_of(schema, "x", data, size);
	skep_schema_free(schema);
	return value;
}

static void meanings_are_numbers_or_names(void **state)
{
	static const uint8_t address[] = { 192, 0, 2, 1 }, port[] = { 0x1f, 0x90 };
	const uint64_t number = 1500;
	const int32_t error = -2, none = 0;
	struct skep_value v;

	(void)state;
	v = value_as(U32, 0, "skep:ipv4", address, 4);
	is_text(&v, "192.0.2.1");
	v = value_as(U16, 0, "skep:port", port, 2);
	assert_true(v.kind == SKEP_VALUE_UNSIGNED && v.u == 8080);
	v = value_as(U64, 0, "skep:duration", &number, 8);
	assert_true(v.kind == SKEP_VALUE_UNSIGNED && v.u == 1500);
	v = value_as(U64, 0, "skep:hex", &number, 8);
	assert_true(v.kind == SKEP_VALUE_UNSIGNED && v.u == 1500);
	v = value_as(S32, 0, "skep:errno", &error, 4);
	is_text(&v, "ENOENT");
	v = value_as(S32, 0, "skep:errno", &none, 4);
	assert_true(v.kind == SKEP_VALUE_SIGNED && v.i == 0);
	v = value_as(U64, 0, "skep:wall_time", &number, 8);
	assert_true(v.kind == SKEP_VALUE_UNSIGNED && v.u == 1500);
	/* In 2020 or later. */
	v = value_as(U64, 0, "skep:time", &number, 8);
	assert_true(v.kind == SKEP_VALUE_UNSIGNED && v.u > 1577836800000000000);
}

static void hidden_members_have_columns_behind_the_others(void **state)
{
	static const uint32_t record[] = { 1, 2, 3 };
	struct skep_btf_builder *b = new_types();
	uint32_t id = (uint32_t)skep_btf_builder_composite(b, BTF_KIND_STRUCT, "three", 12);
	struct skep_error err = { 0 };
	struct skep_schema *schema;

	(void)state;
	skep_btf_builder_member(b, "a", U32, 0, 0);
	skep_btf_builder_member(b, "b", U32, 32, 0);
	skep_btf_builder_member(b, "c", U32, 64, 0);
	tag(b, id, 1, "skep:hidden");
	schema = try_type(b, id, &err);
	assert_ok(schema, &err);
	assert_int_equal(skep_schema_n_columns(schema), 2);
	assert_int_equal(skep_schema_n_all_columns(schema), 3);
	assert_string_equal(skep_schema_column(schema, 2), "b");
	assert_int_equal(value_of(schema, "b", record, sizeof(record)).u, 2);
	skep_schema_free(schema);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_keep_their_type),
		cmocka_unit_test(names_are_text_with_a_number_behind),
		cmocka_unit_test(columns_say_what_their_values_are),
		cmocka_unit_test(what_is_not_there_has_no_value),
		cmocka_unit_test(numbers_of_128_bits_are_exact),
		cmocka_unit_test(meanings_are_numbers_or_names),
		cmocka_unit_test(hidden_members_have_columns_behind_the_others),
	};
	int failed = cmocka_run_group_tests_name("record_value", tests, NULL, NULL);

	skep_text_free(&scratch);
	return failed;
}
