// SPDX-License-Identifier: MIT
/* Every kind of member as JSON. */
#include <math.h>

#include "support.h"

/* A record with one member of a base type. */
#define assert_one(type, value, expected)                                                         \
	do {                                                                                      \
		__typeof__(value) value_ = (value);                                               \
		struct skep_schema *one_ = one_member(new_types(), (type), sizeof(value_));       \
		assert_string_equal(json(one_, &value_, sizeof(value_)), "{\"x\":" expected "}"); \
		skep_schema_free(one_);                                                           \
	} while (0)

static void json_writes_integers_of_all_sizes(void **state)
{
	(void)state;
	assert_one(U8, (uint8_t)255, "255");
	assert_one(S8, (int8_t)-128, "-128");
	assert_one(U16, (uint16_t)65535, "65535");
	assert_one(S16, (int16_t)-32768, "-32768");
	assert_one(U32, (uint32_t)4294967295u, "4294967295");
	assert_one(S32, (int32_t)-1, "-1");
	assert_one(U64, UINT64_MAX, "18446744073709551615");
	assert_one(S64, INT64_MIN, "-9223372036854775808");
	assert_one(U64, (uint64_t)0, "0");
	assert_one(U128, ~(unsigned __int128)0, "340282366920938463463374607431768211455");
	assert_one(S128, (__int128)((unsigned __int128)1 << 127),
		   "-170141183460469231731687303715884105728");
	assert_one(U128, ((unsigned __int128)10000000000000000000ull) * 10 + 7,
		   "100000000000000000007");
}

static void json_writes_bools_chars_and_pointers(void **state)
{
	(void)state;
	assert_one(BOOL, (uint8_t)1, "true");
	assert_one(BOOL, (uint8_t)0, "false");
	assert_one(BOOL, (uint8_t)2, "true");
	assert_one(CHAR, (char)'a', "\"a\"");
	assert_one(CHAR, (char)'\0', "\"\"");
	assert_one(CHAR, (char)'"', "\"\\\"\"");
	assert_one(VOID_PTR, (uint64_t)0xffff888123456789ull, "\"0xffff888123456789\"");
	assert_one(VOID_PTR, (uint64_t)0, "\"0x0\"");
}

static void json_writes_floats_shortest_and_exact(void **state)
{
	(void)state;
	assert_one(DOUBLE, 0.1, "0.1");
	assert_one(DOUBLE, 1.0 / 3, "0.3333333333333333");
	assert_one(DOUBLE, -0.0, "-0");
	assert_one(DOUBLE, 1e300, "1e+300");
	assert_one(DOUBLE, 123456789.0, "123456789");
	assert_one(DOUBLE, 0.1 + 0.2, "0.30000000000000004");
	assert_one(FLOAT, 0.1f, "0.1");
	assert_one(FLOAT, 16777217.0f, "16777216");
	assert_one(DOUBLE, (double)NAN, "null");
	assert_one(FLOAT, (float)-INFINITY, "null");
}

static struct skep_schema *char_array(uint32_t n)
{
	struct skep_btf_builder *b = new_types();

	skep_btf_builder_array(b, CHAR, U32, n);
	return one_member(b, N_BASE, n);
}

static void json_escapes_strings(void **state)
{
	struct skep_schema *schema = char_array(8);

	(void)state;
	assert_string_equal(json(schema, "bash\0ab", 8), "{\"x\":\"bash\"}");
	assert_string_equal(json(schema, "\0\0\0\0\0\0\0", 8), "{\"x\":\"\"}");
	assert_string_equal(json(schema, "a\"b\\c\n\t\x01", 8),
			    "{\"x\":\"a\\\"b\\\\c\\n\\t\\u0001\"}");
	assert_string_equal(json(schema, "eightful", 8), "{\"x\":\"eightful\"}");
	assert_string_equal(json(schema, "\xc3\xa4\xff\0\0\0\0", 8),
			    "{\"x\":\"\xc3\xa4\xef\xbf\xbd\"}");
	/* A character whose last byte is cut off. */
	assert_string_equal(json(schema, "1234567\xc3", 8), "{\"x\":\"1234567\xef\xbf\xbd\"}");
	skep_schema_free(schema);
}

static void json_writes_arrays(void **state)
{
	struct skep_btf_builder *b = new_types();
	const uint8_t bytes[4] = { 1, 2, 3, 255 };
	const int16_t matrix[2][3] = { { 1, -2, 3 }, { 4, 5, 6 } };
	struct skep_schema *schema;

	(void)state;
	skep_btf_builder_array(b, U8, U32, 4);
	schema = one_member(b, N_BASE, 4);
	assert_string_equal(json(schema, bytes, 4), "{\"x\":[1,2,3,255]}");
	skep_schema_free(schema);

	b = new_types();
	skep_btf_builder_array(b, S16, U32, 3);
	skep_btf_builder_array(b, N_BASE, U32, 2);
	schema = one_member(b, N_BASE + 1, 12);
	assert_string_equal(json(schema, matrix, 12), "{\"x\":[[1,-2,3],[4,5,6]]}");
	skep_schema_free(schema);

	b = new_types();
	skep_btf_builder_array(b, CHAR, U32, 4);
	skep_btf_builder_array(b, N_BASE, U32, 2);
	schema = one_member(b, N_BASE + 1, 8);
	assert_string_equal(json(schema, "ab\0\0cdef", 8), "{\"x\":[\"ab\",\"cdef\"]}");
	skep_schema_free(schema);
}

/* struct outer { struct { u32 a; union { u32 b; u16 c; }; } in; struct pair list[2]; } */
static void json_nests_structs_and_merges_nameless_ones(void **state)
{
	struct skep_btf_builder *b = new_types();
	const uint32_t words[] = { 1, 0x00020002, 10, 11, 12, 13 };
	struct skep_schema *schema;

	(void)state;
	skep_btf_builder_composite(b, BTF_KIND_UNION, NULL, 4); /* N_BASE */
	skep_btf_builder_member(b, "b", U32, 0, 0);
	skep_btf_builder_member(b, "c", U16, 0, 0);
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, NULL, 8);
	skep_btf_builder_member(b, "a", U32, 0, 0);
	skep_btf_builder_member(b, NULL, N_BASE, 32, 0);
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "pair", 8);
	skep_btf_builder_member(b, "l", U32, 0, 0);
	skep_btf_builder_member(b, "r", U32, 32, 0);
	skep_btf_builder_array(b, N_BASE + 2, U32, 2);
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "outer", 24);
	skep_btf_builder_member(b, "in", N_BASE + 1, 0, 0);
	skep_btf_builder_member(b, "list", N_BASE + 3, 64, 0);
	schema = last_type(b);
	assert_string_equal(skep_schema_name(schema), "outer");
	assert_int_equal(skep_schema_size(schema), 24);
	assert_string_equal(json(schema, words, sizeof(words)),
			    "{\"in\":{\"a\":1,\"b\":131074,\"c\":2},"
			    "\"list\":[{\"l\":10,\"r\":11},{\"l\":12,\"r\":13}]}");
	skep_schema_free(schema);
}

static void json_names_the_values_of_enums(void **state)
{
	struct skep_btf_builder *b = new_types();
	struct skep_schema *schema;
	const struct {
		int32_t colour, unknown;
		uint64_t wide;
		uint8_t small;
	} record = { -1, 77, 1ull << 40, 2 };

	(void)state;
	skep_btf_builder_enum(b, "colour", 4, true);
	skep_btf_builder_value(b, "RED", 0);
	skep_btf_builder_value(b, "CRIMSON", 0);
	skep_btf_builder_value(b, "NONE", -1);
	skep_btf_builder_enum(b, "wide", 8, false);
	skep_btf_builder_value(b, "BIG", 1ll << 40);
	skep_btf_builder_enum(b, "small", 1, false);
	skep_btf_builder_value(b, "TWO", 2);
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "e", 24);
	skep_btf_builder_member(b, "colour", N_BASE, 0, 0);
	skep_btf_builder_member(b, "unknown", N_BASE, 32, 0);
	skep_btf_builder_member(b, "wide", N_BASE + 1, 64, 0);
	skep_btf_builder_member(b, "small", N_BASE + 2, 128, 0);
	schema = last_type(b);
	assert_string_equal(
		json(schema, &record, sizeof(record)),
		"{\"colour\":\"NONE\",\"unknown\":77,\"wide\":\"BIG\",\"small\":\"TWO\"}");
	assert_string_equal(json(schema, (const char[24]){ 0 }, 24),
			    "{\"colour\":\"RED\",\"unknown\":\"RED\",\"wide\":0,\"small\":0}");
	skep_schema_free(schema);
}

/* Offsets as this machine's compiler gives them: from the lowest bit, or from the highest. */
static void json_reads_bitfields_as_the_compiler_puts_them(void **state)
{
	struct skep_btf_builder *b = new_types();
	struct skep_schema *schema;
	union {
		struct {
			uint32_t a : 3;
			int32_t b : 5;
			uint32_t c : 12;
			uint32_t d : 1;
			uint64_t e : 50;
		};
		uint8_t bytes[16];
	} record = { { 5, -3, 0xabc, 1, 0x2000000000001ull } };

	(void)state;
	assert_int_equal(sizeof(record), 16);
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "bits", 16);
	skep_btf_builder_member(b, "a", U32, 0, 3);
	skep_btf_builder_member(b, "b", S32, 3, 5);
	skep_btf_builder_member(b, "c", U32, 8, 12);
	skep_btf_builder_member(b, "d", BOOL, 20, 1);
	skep_btf_builder_member(b, "e", U64, 64, 50);
	schema = last_type(b);
	assert_string_equal(json(schema, &record, sizeof(record)),
			    "{\"a\":5,\"b\":-3,\"c\":2748,\"d\":true,\"e\":562949953421313}");
	skep_schema_free(schema);
}

/* A bitfield that begins in the last bit of one byte and ends in the ninth after it. */
static void json_reads_bitfields_across_nine_bytes(void **state)
{
	struct skep_btf_builder *b = new_types();
	struct skep_schema *schema;
	uint8_t bytes[16];

	(void)state;
	memset(bytes, 0xff, sizeof(bytes));
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "bits", 16);
	skep_btf_builder_member(b, "far", U64, 7, 64);
	skep_btf_builder_member(b, "rest", U8, 71, 1);
	schema = last_type(b);
	assert_string_equal(json(schema, bytes, sizeof(bytes)),
			    "{\"far\":18446744073709551615,\"rest\":1}");
	/* Nine bytes are enough for it. */
	assert_string_equal(json(schema, bytes, 9), "{\"far\":18446744073709551615,\"rest\":1}");
	assert_string_equal(json(schema, bytes, 8), "{\"far\":null,\"rest\":null}");
	skep_schema_free(schema);
}

static void json_of_a_short_record_has_nulls(void **state)
{
	struct skep_btf_builder *b = new_types();
	const struct {
		uint32_t a;
		uint16_t b, c;
		char d[8];
	} record = { 1, 2, 3, "four" };
	struct skep_schema *schema;

	(void)state;
	skep_btf_builder_array(b, CHAR, U32, 8);
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "s", 16);
	skep_btf_builder_member(b, "a", U32, 0, 0);
	skep_btf_builder_member(b, "b", U16, 32, 0);
	skep_btf_builder_member(b, "c", U16, 48, 0);
	skep_btf_builder_member(b, "d", N_BASE, 64, 0);
	schema = last_type(b);
	assert_string_equal(json(schema, &record, 16), "{\"a\":1,\"b\":2,\"c\":3,\"d\":\"four\"}");
	assert_string_equal(json(schema, &record, 15), "{\"a\":1,\"b\":2,\"c\":3,\"d\":null}");
	assert_string_equal(json(schema, &record, 7), "{\"a\":1,\"b\":2,\"c\":null,\"d\":null}");
	assert_string_equal(json(schema, &record, 0),
			    "{\"a\":null,\"b\":null,\"c\":null,\"d\":null}");
	skep_schema_free(schema);
}

/* An array without a length, at the end of all, is as long as the record. */
static void json_gives_the_rest_to_an_open_array(void **state)
{
	struct skep_btf_builder *b = new_types();
	const uint32_t numbers[] = { 9, 1, 2, 3 };
	struct skep_schema *schema;

	(void)state;
	skep_btf_builder_array(b, CHAR, U32, 0);
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "s", 4);
	skep_btf_builder_member(b, "n", U32, 0, 0);
	skep_btf_builder_member(b, "text", N_BASE, 32, 0);
	schema = last_type(b);
	assert_string_equal(json(schema, "\0\0\0\0hello", 9), "{\"n\":0,\"text\":\"hello\"}");
	assert_string_equal(json(schema, "\0\0\0\0he\0lo", 9), "{\"n\":0,\"text\":\"he\"}");
	assert_string_equal(json(schema, "\0\0\0\0", 4), "{\"n\":0,\"text\":\"\"}");
	skep_schema_free(schema);

	b = new_types();
	skep_btf_builder_array(b, U32, U32, 0);
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "s", 4);
	skep_btf_builder_member(b, "n", U32, 0, 0);
	skep_btf_builder_member(b, "list", N_BASE, 32, 0);
	schema = last_type(b);
	assert_string_equal(json(schema, numbers, 16), "{\"n\":9,\"list\":[1,2,3]}");
	assert_string_equal(json(schema, numbers, 14), "{\"n\":9,\"list\":[1,2]}");
	assert_string_equal(json(schema, numbers, 3), "{\"n\":null,\"list\":null}");
	skep_schema_free(schema);
}

static void json_of_a_bare_value_has_a_name(void **state)
{
	struct skep_btf_builder *b = new_types();
	const uint32_t value = 7;
	struct skep_schema *schema;

	(void)state;
	skep_btf_builder_ref(b, BTF_KIND_TYPEDEF, "counter_t", U32);
	schema = last_type(b);
	assert_string_equal(json(schema, &value, 4), "{\"value\":7}");
	assert_string_equal(skep_schema_column(schema, 0), "value");
	skep_schema_free(schema);
}

static void bytes_of_no_known_type_are_hex(void **state)
{
	struct skep_text text = { 0 };

	(void)state;
	skep_record_write_hex("\x00\xff\x10", 3, true, &text);
	assert_string_equal(skep_text_string(&text), "{\"bytes\":\"00ff10\"}\n");
	skep_text_reset(&text);
	skep_record_write_hex("\x00\xff\x10", 3, false, &text);
	assert_string_equal(skep_text_string(&text), "00ff10\n");
	skep_text_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_writes_integers_of_all_sizes),
		cmocka_unit_test(json_writes_bools_chars_and_pointers),
		cmocka_unit_test(json_writes_floats_shortest_and_exact),
		cmocka_unit_test(json_escapes_strings),
		cmocka_unit_test(json_writes_arrays),
		cmocka_unit_test(json_nests_structs_and_merges_nameless_ones),
		cmocka_unit_test(json_names_the_values_of_enums),
		cmocka_unit_test(json_reads_bitfields_as_the_compiler_puts_them),
		cmocka_unit_test(json_reads_bitfields_across_nine_bytes),
		cmocka_unit_test(json_of_a_short_record_has_nulls),
		cmocka_unit_test(json_gives_the_rest_to_an_open_array),
		cmocka_unit_test(json_of_a_bare_value_has_a_name),
		cmocka_unit_test(bytes_of_no_known_type_are_hex),
	};

	return cmocka_run_group_tests_name("record_json", tests, NULL, NULL);
}
