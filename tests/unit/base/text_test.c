// SPDX-License-Identifier: MIT
#include "test.h"

#include <skep/text.h>

static void assert_text(struct skep_text *text, const char *expected)
{
	assert_string_equal(skep_text_string(text), expected);
	skep_text_reset(text);
}

static void text_writes_numbers_exactly(void **state)
{
	struct skep_text text = { 0 };

	(void)state;
	skep_text_u64(&text, 0);
	assert_text(&text, "0");
	skep_text_u64(&text, UINT64_MAX);
	assert_text(&text, "18446744073709551615");
	skep_text_i64(&text, INT64_MIN);
	assert_text(&text, "-9223372036854775808");
	skep_text_hex(&text, 0xffffffff81000000ull);
	assert_text(&text, "0xffffffff81000000");
	for (uint64_t v = 1; v < UINT64_MAX / 13; v = v * 13 + 7) {
		char expected[32];

		snprintf(expected, sizeof(expected), "%llu", (unsigned long long)v);
		skep_text_u64(&text, v);
		assert_text(&text, expected);
	}
	skep_text_free(&text);
}

static void text_escapes_what_steers_a_terminal(void **state)
{
	struct skep_text text = { 0 };

	(void)state;
	skep_text_escaped(&text, "a\033[2J\n\t\r\\z\xff", 99);
	assert_text(&text, "a\\x1b[2J\\n\\t\\r\\\\z\\xff");
	skep_text_escaped(&text, "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x90\x9d", 99);
	assert_text(&text, "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x90\x9d");
	skep_text_escaped(&text,
			  "\xc2\x9b"
			  "31m",
			  99);
	assert_text(&text, "\\xc2\\x9b31m");
	skep_text_escaped(&text, "\xc3", 1);
	assert_text(&text, "\\xc3");
	skep_text_escaped(&text, "cut off", 3);
	assert_text(&text, "cut");
	skep_text_free(&text);
}

static void text_json_string_is_always_valid(void **state)
{
	struct skep_text text = { 0 };

	(void)state;
	skep_text_json_string(&text, "a\"b\\c\n\x01\x7f\xff\xc3\xbc\xed\xa0\x80", 99);
	assert_text(&text,
		    "\"a\\\"b\\\\c\\n\\u0001\\u007f\xef\xbf\xbd\xc3\xbc\xef\xbf\xbd\xef\xbf\xbd"
		    "\xef\xbf\xbd\"");
	skep_text_json_string(&text, "", 0);
	assert_text(&text, "\"\"");
	/* U+0080 to U+009F steer terminals, U+00A0 does not. */
	skep_text_json_string(&text, "\xc2\x80\xc2\x9b\xc2\xa0", 99);
	assert_text(&text, "\"\\u0080\\u009b\xc2\xa0\"");
	skep_text_free(&text);
}

static void text_pads_to_a_column_and_never_cuts(void **state)
{
	struct skep_text text = { 0 };

	(void)state;
	skep_text_str(&text, "ab");
	skep_text_pad(&text, 0, 5);
	skep_text_pad(&text, 0, 3);
	skep_text_char(&text, '|');
	assert_text(&text, "ab   |");
	skep_text_free(&text);
}

static void text_grows_past_any_size(void **state)
{
	struct skep_text text = { 0 };

	(void)state;
	for (int i = 0; i < 100000; i++)
		skep_text_printf(&text, "%d,", i % 10);
	assert_int_equal(text.len, 200000);
	assert_false(text.failed);
	assert_memory_equal(text.data + 199998, "9,", 2);
	assert_false(skep_text_grow(&text, SIZE_MAX / 2));
	assert_true(text.failed);
	skep_text_lit(&text, "more");
	skep_text_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_writes_numbers_exactly),
		cmocka_unit_test(text_escapes_what_steers_a_terminal),
		cmocka_unit_test(text_json_string_is_always_valid),
		cmocka_unit_test(text_pads_to_a_column_and_never_cuts),
		cmocka_unit_test(text_grows_past_any_size),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
