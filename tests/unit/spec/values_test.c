// SPDX-License-Identifier: MIT
/* Variables set from text, by their types. */
#include "support.h"

struct fixture {
	struct skep_spec *spec;
	struct skep_error err;
};

/* Natively: a value is written in this machine's byte order. */
static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	f->spec = open_fixture("spec_globals", "el");
#else
	f->spec = open_fixture("spec_globals", "eb");
#endif
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	skep_spec_free(f->spec);
	free(f);
	return 0;
}

static void *bytes_of(struct fixture *f, const char *name)
{
	const struct skep_global_spec *g = skep_spec_global(f->spec, name);

	return f->spec->maps[g->map]->data + g->offset;
}

static int set(struct fixture *f, const char *name, const char *text)
{
	f->err = (struct skep_error){ 0 };
	return skep_spec_parse_global(f->spec, name, text, &f->err);
}

#define assert_sets(f, name, text, type, value)                    \
	do {                                                       \
		type want_ = (value), got_;                        \
                                                                   \
		assert_ok(set(f, name, text) == 0, &(f)->err);     \
		memcpy(&got_, bytes_of(f, name), sizeof(got_));    \
		assert_memory_equal(&got_, &want_, sizeof(want_)); \
	} while (0)

/* Refused with this code and words, and the value stays what it was. */
static void assert_refused(struct fixture *f, const char *name, const char *text, int code,
			   const char *says)
{
	const struct skep_global_spec *g = skep_spec_global(f->spec, name);
	uint8_t before[64];

	memcpy(before, bytes_of(f, name), g->size);
	assert_int_equal(set(f, name, text), -code);
	assert_int_equal(f->err.code, code);
	assert_int_equal(f->err.stage, SKEP_STAGE_USAGE);
	assert_error_says(&f->err, name);
	assert_error_says(&f->err, says);
	assert_memory_equal(before, bytes_of(f, name), g->size);
}

static void integers_are_decimal_hex_octal_or_a_character(void **state)
{
	struct fixture *f = *state;

	assert_sets(f, "a_u8", "255", uint8_t, 255);
	assert_sets(f, "a_s8", "-128", int8_t, -128);
	assert_sets(f, "a_u16", "0xffff", uint16_t, 0xffff);
	assert_sets(f, "a_s16", "-0x8000", int16_t, INT16_MIN);
	assert_sets(f, "a_u32", "0777", uint32_t, 0777);
	assert_sets(f, "a_s32", "-2147483648", int32_t, INT32_MIN);
	assert_sets(f, "a_u64", "18446744073709551615", uint64_t, UINT64_MAX);
	assert_sets(f, "a_s64", "-9223372036854775808", int64_t, INT64_MIN);
	assert_sets(f, "a_s64", "9223372036854775807", int64_t, INT64_MAX);
	assert_sets(f, "a_char", "'x'", char, 'x');
	assert_sets(f, "a_u32", "'0'", uint32_t, '0');
	assert_sets(f, "a_u32", "+5", uint32_t, 5);
	assert_sets(f, "own", "8", uint32_t, 8);
	assert_sets(f, "counter", "3", uint32_t, 3);
}

static void wide_integers_are_extended_by_their_sign(void **state)
{
	struct fixture *f = *state;

#ifdef __SIZEOF_INT128__
	assert_sets(f, "a_s128", "-2", __int128, -2);
	assert_sets(f, "a_s128", "2", __int128, 2);
	assert_sets(f, "a_u128", "18446744073709551615", unsigned __int128, UINT64_MAX);
#else
	(void)f;
	SKIP_TEST("this machine has no 128-bit integers");
#endif
}

static void integer_out_of_range_is_refused_with_the_range(void **state)
{
	struct fixture *f = *state;

	assert_refused(f, "a_u8", "300", ERANGE, "0 to 255");
	assert_refused(f, "a_u8", "256", ERANGE, "0 to 255");
	assert_refused(f, "a_u8", "-1", ERANGE, "0 to 255");
	assert_refused(f, "a_s8", "128", ERANGE, "-128 to 127");
	assert_refused(f, "a_s8", "-129", ERANGE, "-128 to 127");
	assert_refused(f, "a_u32", "4294967296", ERANGE, "0 to 4294967295");
	assert_refused(f, "a_s32", "2147483648", ERANGE, "-2147483648 to 2147483647");
	assert_refused(f, "a_u64", "18446744073709551616", ERANGE, "0 to 18446744073709551615");
	assert_refused(f, "a_u64", "-1", ERANGE, "0 to 18446744073709551615");
	assert_refused(f, "a_s64", "9223372036854775808", ERANGE,
		       "-9223372036854775808 to 9223372036854775807");
	assert_refused(f, "a_s64", "-9223372036854775809", ERANGE, "-9223372036854775808");
}

static void text_that_is_no_integer_is_refused(void **state)
{
	static const char *const bad[] = { "",	  "-",	 "0x", "1x",   "x",	 " 1", "1 ",
					   "--1", "1.5", "''", "'ab'", "twelve", "08", "+-1" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_refused(*state, "a_u32", bad[i], EINVAL, "give a number");
}

static void bools_are_words_or_bits(void **state)
{
	struct fixture *f = *state;
	static const char *const words[2][4] = { { "false", "no", "off", "0" },
						 { "true", "yes", "on", "1" } };

	for (int value = 1; value >= 0; value--)
		for (int i = 0; i < 4; i++)
			assert_sets(f, "a_bool", words[value][i], uint8_t, (uint8_t)value);
	assert_refused(f, "a_bool", "2", EINVAL, "true or false");
	assert_refused(f, "a_bool", "TRUE", EINVAL, "true or false");
}

static void enums_are_names_or_numbers(void **state)
{
	struct fixture *f = *state;

	assert_sets(f, "a_color", "GREEN", uint32_t, 5);
	assert_sets(f, "a_color", "BLUE", uint32_t, 0x80000000);
	assert_sets(f, "a_color", "7", uint32_t, 7);
	assert_sets(f, "a_sign", "MINUS", int32_t, -1);
	assert_sets(f, "a_sign", "-3", int32_t, -3);
	assert_sets(f, "a_wide", "LARGE", uint64_t, 0x123456789abcdef);
	assert_refused(f, "a_color", "YELLOW", EINVAL, "RED GREEN BLUE");
	assert_refused(f, "a_color", "-1", ERANGE, "0 to 4294967295");
	assert_refused(f, "a_sign", "4294967295", ERANGE, "-2147483648 to 2147483647");
}

static void strings_fill_char_arrays_with_room_for_the_nul(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(set(f, "a_name", "seven77"), 0);
	assert_memory_equal(bytes_of(f, "a_name"), "seven77", 8);
	assert_int_equal(set(f, "a_name", "x"), 0);
	assert_memory_equal(bytes_of(f, "a_name"), "x\0\0\0\0\0\0", 8);
	assert_int_equal(set(f, "a_name", ""), 0);
	assert_refused(f, "a_name", "eight888", ERANGE, "room for 7");
}

static void arrays_are_lists_of_values(void **state)
{
	struct fixture *f = *state;
	const uint32_t two[4] = { 80, 443 }, four[4] = { 1, 2, 3, 4 };
	const uint32_t colors[2] = { 5, 0 };
	const uint8_t bools[3] = { 1, 0, 1 };

	assert_int_equal(set(f, "some_ports", "1,2,3,4"), 0);
	assert_memory_equal(bytes_of(f, "some_ports"), four, sizeof(four));
	assert_int_equal(set(f, "some_ports", "80,0x1bb"), 0);
	assert_memory_equal(bytes_of(f, "some_ports"), two, sizeof(two));
	assert_int_equal(set(f, "some_ports", ""), 0);
	assert_memory_equal(bytes_of(f, "some_ports"), (const uint32_t[4]){ 0 }, sizeof(two));
	assert_int_equal(set(f, "some_bools", "yes,no,yes"), 0);
	assert_memory_equal(bytes_of(f, "some_bools"), bools, sizeof(bools));
	assert_int_equal(set(f, "some_colors", "GREEN,RED"), 0);
	assert_memory_equal(bytes_of(f, "some_colors"), colors, sizeof(colors));
	assert_refused(f, "some_ports", "1,2,3,4,5", ERANGE, "room for 4");
	assert_refused(f, "some_ports", "1,4294967296", ERANGE, "4294967295");
	assert_refused(f, "some_ports", "1,,2", EINVAL, "give a number");
	assert_refused(f, "some_ports", "1,", EINVAL, "give a number");
}

static void types_without_a_form_are_refused(void **state)
{
	struct fixture *f = *state;

	assert_refused(f, "a_point", "1,2", ENOTSUP, "only numbers");
	assert_refused(f, "a_pointer", "0", ENOTSUP, "only numbers");
	assert_refused(f, "a_table", "1,2", ENOTSUP, "arrays of arrays");
}

static void message_shows_the_declaration(void **state)
{
	struct fixture *f = *state;

	assert_refused(f, "a_s16", "40000", ERANGE, "__s16 a_s16");
}

#define native_test(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		native_test(integers_are_decimal_hex_octal_or_a_character),
		native_test(wide_integers_are_extended_by_their_sign),
		native_test(integer_out_of_range_is_refused_with_the_range),
		native_test(text_that_is_no_integer_is_refused),
		native_test(bools_are_words_or_bits),
		native_test(enums_are_names_or_numbers),
		native_test(strings_fill_char_arrays_with_room_for_the_nul),
		native_test(arrays_are_lists_of_values),
		native_test(types_without_a_form_are_refused),
		native_test(message_shows_the_declaration),
	};

	return cmocka_run_group_tests_name("spec_values", tests, NULL, NULL);
}
