// SPDX-License-Identifier: MIT
/* Values as people write them, against what the C library makes of the same. */
#include <inttypes.h>
#include <time.h>

#include "base/digits.h"
#include "base/readable.h"
#include "test.h"

static struct skep_text text;

static const char *taken(void)
{
	static char copy[64];

	snprintf(copy, sizeof(copy), "%s", skep_text_string(&text));
	skep_text_reset(&text);
	return copy;
}

/* Numbers of all lengths, with their neighbours. */
static uint64_t number(int i)
{
	uint64_t power = 1;

	for (int k = 0; k < i / 3; k++)
		power *= k % 2 ? 2 : 5;
	return power + (uint64_t)(i % 3) - 1;
}

#define NUMBERS 114

static void numbers_have_all_their_digits(void **state)
{
	char expected[64];

	(void)state;
	for (int i = 0; i < NUMBERS; i++) {
		skep_text_u64(&text, number(i));
		snprintf(expected, sizeof(expected), "%" PRIu64, number(i));
		assert_string_equal(taken(), expected);
		assert_int_equal(skep_digits_count(number(i)), strlen(expected));
		skep_text_i64(&text, -(int64_t)(number(i) / 2));
		snprintf(expected, sizeof(expected), "%" PRId64, -(int64_t)(number(i) / 2));
		assert_string_equal(taken(), expected);
	}
	skep_text_u64(&text, UINT64_MAX);
	assert_string_equal(taken(), "18446744073709551615");
	skep_text_i64(&text, INT64_MIN);
	assert_string_equal(taken(), "-9223372036854775808");
}

/* Each day to the end of 64 bits, which is in 2554, at some second of it. */
static void instants_are_those_of_the_calendar(void **state)
{
	char expected[64];

	(void)state;
	for (uint64_t day = 0; day < UINT64_MAX / 1000000000 / 86400; day++) {
		uint64_t second = day * 86400 + day * 7919 % 86400,
			 rest = day * 104729 % 1000000000;
		time_t time = (time_t)second;
		struct tm tm;

		gmtime_r(&time, &tm);
		strftime(expected, sizeof(expected), "%Y-%m-%dT%H:%M:%S", &tm);
		snprintf(expected + 19, sizeof(expected) - 19, ".%09uZ", (unsigned int)rest);
		skep_write_instant(second * 1000000000 + rest, &text);
		assert_string_equal(taken(), expected);
	}
}

static void clocks_follow_the_zone(void **state)
{
	static const uint64_t seconds[] = {
		0,	    1774745999, 1774746000, /* to summer and in it, 2026 */
		1774746001, 1792889999, 1792890000, /* and back */
		1800000000,
	};
	char expected[64];

	(void)state;
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	for (size_t i = 0; i < sizeof(seconds) / sizeof(seconds[0]); i++) {
		time_t time = (time_t)seconds[i];
		struct tm tm;

		localtime_r(&time, &tm);
		strftime(expected, sizeof(expected), "%H:%M:%S.000123", &tm);
		skep_write_clock(seconds[i] * 1000000000 + 123456, &text);
		assert_string_equal(taken(), expected);
	}
}

static void spans_have_three_digits_behind_the_point(void **state)
{
	static const struct {
		int64_t ns;
		const char *text;
	} cases[] = {
		{ 0, "0 ns" },
		{ 999, "999 ns" },
		{ 1000, "1.000 us" },
		{ 999999, "999.999 us" },
		{ 1000000, "1.000 ms" },
		{ 1500999, "1.500 ms" },
		{ 61005000000, "61.005 s" },
		{ -1500, "-1.500 us" },
		{ INT64_MAX, "9223372036.854 s" },
		{ INT64_MIN, "-9223372036.854 s" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		skep_write_span(cases[i].ns, &text);
		assert_string_equal(taken(), cases[i].text);
	}
}

static void sizes_are_rounded_as_printf_rounds(void **state)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB" };
	char expected[64];

	(void)state;
	for (uint64_t bytes = 1024; bytes < 1ull << 49; bytes += bytes / 37 + 1) {
		double value = (double)bytes;
		int unit = 0;

		for (; value >= (unit ? 1023.95 : 1024); unit++)
			value /= 1024;
		snprintf(expected, sizeof(expected), "%.1f %s", value, units[unit]);
		skep_write_size(bytes, &text);
		assert_string_equal(taken(), expected);
	}
	skep_write_size(1023, &text);
	assert_string_equal(taken(), "1023 B");
	skep_write_size(1048575, &text);
	assert_string_equal(taken(), "1.0 MiB");
	skep_write_size(UINT64_MAX, &text);
	assert_string_equal(taken(), "16.0 EiB");
}

static void addresses_have_no_zeros_in_front(void **state)
{
	static const uint8_t v4[] = { 0, 10, 199, 255 }, mac[] = { 0, 1, 0xab, 0xff, 9, 0x10 };

	(void)state;
	skep_write_address(v4, 4, &text);
	assert_string_equal(taken(), "0.10.199.255");
	skep_write_octets(mac, 6, ':', &text);
	assert_string_equal(taken(), "00:01:ab:ff:09:10");
	skep_write_octets(mac, 2, '\0', &text);
	assert_string_equal(taken(), "0001");
	skep_write_octets(mac, 0, ':', &text);
	assert_string_equal(taken(), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_have_all_their_digits),
		cmocka_unit_test(instants_are_those_of_the_calendar),
		cmocka_unit_test(clocks_follow_the_zone),
		cmocka_unit_test(spans_have_three_digits_behind_the_point),
		cmocka_unit_test(sizes_are_rounded_as_printf_rounds),
		cmocka_unit_test(addresses_have_no_zeros_in_front),
	};
	int failed = cmocka_run_group_tests_name("readable", tests, NULL, NULL);

	skep_text_free(&text);
	return failed;
}
