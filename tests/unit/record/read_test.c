// SPDX-License-Identifier: MIT
/* JSON into records: what is written is read back, and what is wrong is told with its place. */
#include "support.h"

/* Reads @text into @out, which is filled with @fill before. */
static int read_text(const struct skep_schema *schema, const char *text, void *out, size_t size,
		     uint8_t fill, struct skep_error *err)
{
	size_t len = strlen(text);
	/* Of just this length, so that a sanitizer sees a read behind its end. */
	char *copy = malloc(len ? len : 1);
	int ret;

	for (size_t i = 0; i < len; i++)
		copy[i] = text[i];
	memset(out, fill, size);
	ret = skep_record_read_json(schema, copy, len, "VALUE", out, size, err);
	free(copy);
	return ret;
}

/* { "x": TEXT } of one type gives the bytes of a value. */
#define assert_reads(type, text, value)                                                           \
	do {                                                                                      \
		__typeof__(value) value_ = (value), got_;                                         \
		struct skep_schema *one_ = one_member(new_types(), (type), sizeof(value_));       \
		struct skep_error err_ = { 0 };                                                   \
		assert_ok(!read_text(one_, "{\"x\":" text "}", &got_, sizeof(got_), 0xaa, &err_), \
			  &err_);                                                                 \
		assert_memory_equal(&got_, &value_, sizeof(got_));                                \
		skep_schema_free(one_);                                                           \
	} while (0)

#define assert_refuses(type, size, text, code_, where, says)                                     \
	do {                                                                                     \
		struct skep_schema *one_ = one_member(new_types(), (type), (size));              \
		struct skep_error err_ = { 0 };                                                  \
		uint8_t got_[32];                                                                \
		assert_int_equal(read_text(one_, text, got_, sizeof(got_), 0, &err_), -(code_)); \
		assert_string_equal(err_.source, where);                                         \
		assert_error_says(&err_, says);                                                  \
		skep_schema_free(one_);                                                          \
	} while (0)

static void reading_takes_integers_of_all_sizes(void **state)
{
	(void)state;
	assert_reads(U8, "255", (uint8_t)255);
	assert_reads(S8, "-128", (int8_t)-128);
	assert_reads(U16, "65535", (uint16_t)65535);
	assert_reads(S16, "-32768", (int16_t)-32768);
	assert_reads(U32, " 4294967295 ", (uint32_t)4294967295u);
	assert_reads(S32, "-1", (int32_t)-1);
	assert_reads(S32, "-0", (int32_t)0);
	assert_reads(U64, "18446744073709551615", UINT64_MAX);
	assert_reads(U64, "\"0xffffffffffffffff\"", UINT64_MAX);
	assert_reads(S64, "-9223372036854775808", INT64_MIN);
	assert_reads(S64, "\"-0x10\"", (int64_t)-16);
	assert_reads(U128, "340282366920938463463374607431768211455", ~(unsigned __int128)0);
	assert_reads(S128, "-170141183460469231731687303715884105728",
		     (__int128)((unsigned __int128)1 << 127));
}

static void reading_takes_bools_chars_pointers_and_floats(void **state)
{
	(void)state;
	assert_reads(BOOL, "true", (uint8_t)1);
	assert_reads(BOOL, "false", (uint8_t)0);
	assert_reads(BOOL, "1", (uint8_t)1);
	assert_reads(CHAR, "\"a\"", (char)'a');
	assert_reads(CHAR, "\"\"", (char)'\0');
	assert_reads(CHAR, "200", (char)200);
	assert_reads(VOID_PTR, "\"0xffff888123456789\"", (uint64_t)0xffff888123456789ull);
	assert_reads(VOID_PTR, "0", (uint64_t)0);
	assert_reads(DOUBLE, "0.30000000000000004", 0.1 + 0.2);
	assert_reads(DOUBLE, "-1e300", -1e300);
	assert_reads(FLOAT, "0.1", 0.1f);
}

static void reading_checks_ranges_and_says_them(void **state)
{
	(void)state;
	assert_refuses(U8, 1, "{\"x\":256}", ERANGE, "VALUE:1:6", "its range is 0 to 255");
	assert_refuses(U8, 1, "{\"x\":-1}", ERANGE, "VALUE:1:6", "-1 is out of its range");
	assert_refuses(S8, 1, "{\n \"x\": 128}", ERANGE, "VALUE:2:7", "its range is -128 to 127");
	assert_refuses(S64, 8, "{\"x\":9223372036854775808}", ERANGE, "VALUE:1:6",
		       "-9223372036854775808 to 9223372036854775807");
	assert_refuses(U64, 8, "{\"x\":18446744073709551616}", ERANGE, "VALUE:1:6",
		       "0 to 18446744073709551615");
	assert_refuses(U128, 16, "{\"x\":340282366920938463463374607431768211456}", ERANGE,
		       "VALUE:1:6", "it has 128 bits");
	assert_refuses(S128, 16, "{\"x\":-170141183460469231731687303715884105729}", ERANGE,
		       "VALUE:1:6", "it has 128 bits with a sign");
}

static void reading_says_which_kind_of_value_is_wanted(void **state)
{
	(void)state;
	assert_refuses(U32, 4, "{\"x\":1.5}", EINVAL, "VALUE:1:6", "give a whole number");
	assert_refuses(U32, 4, "{\"x\":\"ten\"}", EINVAL, "VALUE:1:6", "'ten' is not its value");
	assert_refuses(U32, 4, "{\"x\":true}", EINVAL, "VALUE:1:6", "member 'x'");
	assert_refuses(U32, 4, "{\"x\":[1]}", EINVAL, "VALUE:1:6", "give a whole number");
	assert_refuses(BOOL, 1, "{\"x\":\"yes\"}", EINVAL, "VALUE:1:6", "give true or false");
	assert_refuses(BOOL, 1, "{\"x\":2}", EINVAL, "VALUE:1:6", "give true or false");
	assert_refuses(CHAR, 1, "{\"x\":\"ab\"}", ERANGE, "VALUE:1:6", "of one character");
	assert_refuses(DOUBLE, 8, "{\"x\":nan}", EINVAL, "VALUE:1:6", "give a number");
	assert_refuses(DOUBLE, 8, "{\"x\":0x10}", EINVAL, "VALUE:1:6", "give a number");
}

static void reading_refuses_what_is_no_json(void **state)
{
	(void)state;
	assert_refuses(U32, 4, "", EINVAL, "VALUE:1:1", "the text ends");
	assert_refuses(U32, 4, "{", EINVAL, "VALUE:1:2", "the text ends where '\"' must be");
	assert_refuses(U32, 4, "{\"x\"", EINVAL, "VALUE:1:5", "the text ends where ':' must be");
	assert_refuses(U32, 4, "{\"x\":", EINVAL, "VALUE:1:6", "a value is missing");
	assert_refuses(U32, 4, "{\"x\":1", EINVAL, "VALUE:1:7", "the text ends where '}' must be");
	assert_refuses(U32, 4, "{\"x\":1,}", EINVAL, "VALUE:1:8", "'\"' must be here");
	assert_refuses(U32, 4, "{\"x\":1} 2", EINVAL, "VALUE:1:9", "something follows the value");
	assert_refuses(U32, 4, "{\"x\":\"1", EINVAL, "VALUE:1:6", "the string has no end");
	assert_refuses(U32, 4, "{\"x\":\"\\q\"}", EINVAL, "VALUE:1:7", "no such escape");
	assert_refuses(U32, 4, "{\"x\":\"\\u12\"}", EINVAL, "VALUE:1:7", "four digits");
	assert_refuses(U32, 4, "{\"x\":\"\\ud83d\"}", EINVAL, "VALUE:1:7", "four digits");
	assert_refuses(U32, 4, "{\"x\":\"a\nb\"}", EINVAL, "VALUE:1:8", "a control character");
	assert_refuses(U32, 4, "5", EINVAL, "VALUE:1:1", "'{' must be here");
}

static void reading_names_members_that_there_are(void **state)
{
	struct skep_btf_builder *b = new_types();
	struct skep_error err = { 0 };
	struct skep_schema *schema;
	uint32_t out[2];

	(void)state;
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "s", 8);
	skep_btf_builder_member(b, "packets", U32, 0, 0);
	skep_btf_builder_member(b, "bytes", U32, 32, 0);
	schema = last_type(b);
	assert_int_equal(read_text(schema, "{\"packet\":1}", out, 8, 0, &err), -ENOENT);
	assert_error_says(&err, "VALUE:1:2");
	assert_error_says(&err, "did you mean 'packets'?");
	assert_int_equal(read_text(schema, "{\"else\":1}", out, 8, 0, &err), -ENOENT);
	assert_error_says(&err, "it has: packets bytes");
	/* What is not given, or null, stays. */
	assert_int_equal(read_text(schema, "{\"bytes\":7}", out, 8, 0xff, &err), 0);
	assert_true(out[0] == UINT32_MAX && out[1] == 7);
	assert_int_equal(read_text(schema, "{\"packets\":null,\"byt\\u0065s\":1}", out, 8, 0, &err),
			 0);
	assert_true(out[0] == 0 && out[1] == 1);
	assert_int_equal(read_text(schema, "{}", out, 8, 0, &err), 0);
	assert_int_equal(read_text(schema, "{}", out, 7, 0, &err), -EINVAL);
	skep_schema_free(schema);
}

static void reading_takes_strings_and_their_bytes(void **state)
{
	struct skep_btf_builder *b = new_types();
	struct skep_error err = { 0 };
	struct skep_schema *schema;
	char out[4];

	(void)state;
	skep_btf_builder_array(b, CHAR, U32, 4);
	schema = last_type(b);
	assert_int_equal(read_text(schema, "\"ab\"", out, 4, 0xff, &err), 0);
	assert_memory_equal(out, "ab\0\0", 4);
	assert_int_equal(read_text(schema, "\"abcd\"", out, 4, 0, &err), 0);
	assert_memory_equal(out, "abcd", 4);
	assert_int_equal(read_text(schema, "\"\\ud83d\\ude00\"", out, 4, 0, &err), 0);
	assert_memory_equal(out, "\xf0\x9f\x98\x80", 4);
	assert_int_equal(read_text(schema, "[1, 255]", out, 4, 0, &err), 0);
	assert_memory_equal(out, "\x01\xff\0\0", 4);
	assert_int_equal(read_text(schema, "{\"value\": \"x\"}", out, 4, 0, &err), 0);
	assert_memory_equal(out, "x\0\0\0", 4);
	assert_int_equal(read_text(schema, "\"abcde\"", out, 4, 0, &err), -ERANGE);
	assert_error_says(&err, "there is room for 4");
	assert_int_equal(read_text(schema, "[1,2,3,4,5]", out, 4, 0, &err), -ERANGE);
	assert_error_says(&err, "VALUE:1:10");
	assert_int_equal(read_text(schema, "5", out, 4, 0, &err), -EINVAL);
	assert_error_says(&err, "give a string");
	assert_int_equal(read_text(schema, "{\"val\":5}", out, 4, 0, &err), -EINVAL);
	skep_schema_free(schema);
}

/* struct { u32 a; union { u32 b; u16 c; }; struct { u8 l, r; } list[2]; enum e; bits } */
static struct skep_schema *all_kinds(void)
{
	struct skep_btf_builder *b = new_types();

	skep_btf_builder_composite(b, BTF_KIND_UNION, NULL, 4); /* N_BASE */
	skep_btf_builder_member(b, "b", U32, 0, 0);
	skep_btf_builder_member(b, "c", U16, 0, 0);
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "pair", 2);
	skep_btf_builder_member(b, "l", U8, 0, 0);
	skep_btf_builder_member(b, "r", S8, 8, 0);
	skep_btf_builder_array(b, N_BASE + 1, U32, 2);
	skep_btf_builder_enum(b, "colour", 4, true);
	skep_btf_builder_value(b, "RED", 0);
	skep_btf_builder_value(b, "NONE", -1);
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "all", 32);
	skep_btf_builder_member(b, "a", U32, 0, 0);
	skep_btf_builder_member(b, NULL, N_BASE, 32, 0);
	skep_btf_builder_member(b, "list", N_BASE + 2, 64, 0);
	skep_btf_builder_member(b, "e", N_BASE + 3, 96, 0);
	skep_btf_builder_member(b, "n3", U32, 128, 3);
	skep_btf_builder_member(b, "s5", S32, 131, 5);
	skep_btf_builder_member(b, "n50", U64, 136, 50);
	skep_btf_builder_member(b, "rest", S32, 186, 6);
	skep_btf_builder_member(b, "last", U64, 192, 0);
	return last_type(b);
}

static void reading_takes_nested_values_enums_and_bitfields(void **state)
{
	struct skep_schema *schema = all_kinds();
	struct skep_error err = { 0 };
	uint8_t out[32];

	(void)state;
	assert_ok(!read_text(schema,
			     "{\"a\":1, \"c\":2, \"list\":[{\"l\":3,\"r\":-4},{\"l\":5}],"
			     " \"e\":\"NONE\", \"s5\":-16, \"n50\":1125899906842623}",
			     out, 32, 0, &err),
		  &err);
	assert_string_equal(json(schema, out, 32),
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
			    "{\"a\":1,\"b\":2,\"c\":2,"
#else
			    "{\"a\":1,\"b\":131072,\"c\":2,"
#endif
			    "\"list\":[{\"l\":3,\"r\":-4},{\"l\":5,\"r\":0}],\"e\":\"NONE\","
			    "\"n3\":0,\"s5\":-16,\"n50\":1125899906842623,\"rest\":0,\"last\":0}");
	assert_int_equal(read_text(schema, "{\"list\":[{\"l\":1},{\"r\":128}]}", out, 32, 0, &err),
			 -ERANGE);
	assert_error_says(&err, "member 'list[1].r'");
	assert_error_says(&err, "VALUE:1:23");
	assert_int_equal(read_text(schema, "{\"list\":[{},{},{}]}", out, 32, 0, &err), -ERANGE);
	assert_error_says(&err, "there is room for 2");
	assert_int_equal(read_text(schema, "{\"s5\":16}", out, 32, 0, &err), -ERANGE);
	assert_error_says(&err, "its range is -16 to 15");
	assert_int_equal(read_text(schema, "{\"e\":\"BLUE\"}", out, 32, 0, &err), -EINVAL);
	assert_error_says(&err, "give a number or one of: RED NONE");
	assert_int_equal(read_text(schema, "{\"e\":-7}", out, 32, 0, &err), 0);
	skep_schema_free(schema);
}

/* Any bytes, so that a value that touches its neighbours' is found. */
static void what_is_written_is_read_back(void **state)
{
	struct skep_schema *schema = all_kinds();
	struct skep_error err = { 0 };
	uint64_t seed = 88172645463325252ull;
	uint8_t in[32], out[32];
	static char text[sizeof(line)];

	(void)state;
	for (int round = 0; round < 500; round++) {
		for (size_t i = 0; i < sizeof(in); i++) {
			seed ^= seed << 13;
			seed ^= seed >> 7;
			seed ^= seed << 17;
			in[i] = (uint8_t)(seed >> 11);
		}
		snprintf(text, sizeof(text), "%s", json(schema, in, sizeof(in)));
		assert_ok(!read_text(schema, text, out, sizeof(out), (uint8_t)seed, &err), &err);
		assert_memory_equal(out, in, sizeof(in));
	}
	skep_schema_free(schema);
}

/* The value of a map of globals. */
static void sections_of_variables_are_read_and_written(void **state)
{
	struct skep_btf_builder *b = new_types();
	const struct btf_var_secinfo vars[] = { { N_BASE, 0, 4 }, { N_BASE + 1, 8, 8 } };
	const uint32_t linkage = 1;
	struct btf_type section = { .info = BTF_KIND_DATASEC << 24 | 2, .size = 16 };
	struct btf_type var = { .info = BTF_KIND_VAR << 24, .type = U32 };
	struct skep_error err = { 0 };
	struct skep_schema *schema;
	uint8_t out[16];

	(void)state;
	var.name_off = (uint32_t)skep_btf_builder_string(b, "hits");
	skep_btf_builder_add(b, &var, &linkage, sizeof(linkage));
	var.name_off = (uint32_t)skep_btf_builder_string(b, "total");
	var.type = U64;
	skep_btf_builder_add(b, &var, &linkage, sizeof(linkage));
	section.name_off = (uint32_t)skep_btf_builder_string(b, ".bss");
	skep_btf_builder_add(b, &section, vars, sizeof(vars));
	schema = last_type(b);
	assert_ok(!read_text(schema, "{\"total\":9,\"hits\":3}", out, 16, 0, &err), &err);
	assert_string_equal(json(schema, out, 16), "{\"hits\":3,\"total\":9}");
	skep_schema_free(schema);
}

static void reading_without_something_is_an_error(void **state)
{
	struct skep_schema *schema = one_member(new_types(), U32, 4);
	struct skep_error err = { 0 };
	uint32_t out;

	(void)state;
	assert_int_equal(skep_record_read_json(NULL, "{}", 2, NULL, &out, 4, &err), -EINVAL);
	assert_int_equal(skep_record_read_json(schema, NULL, 2, NULL, &out, 4, &err), -EINVAL);
	assert_int_equal(skep_record_read_json(schema, "{}", 2, NULL, NULL, 4, &err), -EINVAL);
	assert_int_equal(skep_record_read_json(schema, "x", 1, NULL, &out, 4, &err), -EINVAL);
	assert_string_equal(err.source, "JSON:1:1");
	skep_schema_free(schema);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reading_takes_integers_of_all_sizes),
		cmocka_unit_test(reading_takes_bools_chars_pointers_and_floats),
		cmocka_unit_test(reading_checks_ranges_and_says_them),
		cmocka_unit_test(reading_says_which_kind_of_value_is_wanted),
		cmocka_unit_test(reading_refuses_what_is_no_json),
		cmocka_unit_test(reading_names_members_that_there_are),
		cmocka_unit_test(reading_takes_strings_and_their_bytes),
		cmocka_unit_test(reading_takes_nested_values_enums_and_bitfields),
		cmocka_unit_test(what_is_written_is_read_back),
		cmocka_unit_test(sections_of_variables_are_read_and_written),
		cmocka_unit_test(reading_without_something_is_an_error),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
