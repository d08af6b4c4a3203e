// SPDX-License-Identifier: MIT
#include "base/scan.h"
#include "test.h"

static void words_are_stepped_over_or_left(void **state)
{
	const char *text = "value (0x5; 0x0)";

	(void)state;
	assert_false(skep_scan_word(&text, "values"));
	assert_true(skep_scan_word(&text, "value ("));
	assert_string_equal(text, "0x5; 0x0)");
	assert_true(skep_scan_word(&text, ""));
	assert_false(skep_scan_word(&text, "0x5; 0x0) and more"));
}

static void numbers_are_read_in_their_base(void **state)
{
	static const struct {
		const char *text;
		int base;
		bool is_number;
		uint64_t number;
		const char *rest;
	} cases[] = {
		{ "7f00-", 16, true, 0x7f00, "-" },
		{ "12.5", 10, true, 12, ".5" },
		{ "0x10;", 0, true, 16, ";" },
		{ "-8,", 10, true, (uint64_t)-8, "," },
		{ "18446744073709551615", 10, true, UINT64_MAX, "" },
		{ "18446744073709551616", 10, false, 0, "18446744073709551616" },
		{ " 1", 10, false, 0, " 1" },
		{ "+1", 10, false, 0, "+1" },
		{ "a", 10, false, 0, "a" },
		{ "-", 10, false, 0, "-" },
		{ "", 0, false, 0, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *text = cases[i].text;
		uint64_t number = 0;

		assert_int_equal(skep_scan_number(&text, cases[i].base, &number),
				 cases[i].is_number);
		if (cases[i].is_number)
			assert_true(number == cases[i].number);
		assert_string_equal(text, cases[i].rest);
	}
}

static void fields_end_at_spaces(void **state)
{
	const char *text = "08:01   42 /usr/bin/x";

	(void)state;
	assert_true(skep_scan_field(&text));
	assert_string_equal(text, "42 /usr/bin/x");
	assert_true(skep_scan_field(&text) && skep_scan_field(&text));
	assert_string_equal(text, "");
	assert_false(skep_scan_field(&text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_stepped_over_or_left),
		cmocka_unit_test(numbers_are_read_in_their_base),
		cmocka_unit_test(fields_end_at_spaces),
	};

	return cmocka_run_group_tests_name("scan", tests, NULL, NULL);
}
