// SPDX-License-Identifier: MIT
/* Formats with values: every conversion and hint, in either byte order. */
#include "test.h"

#include <time.h>
#include <skep/text.h>

#include "event/log.h"

static bool fake_symbol(void *ctx, uint64_t address, bool with_offset, struct skep_text *out)
{
	(void)ctx;
	if (address != 0x1010)
		return false;
	skep_text_str(out, with_offset ? "schedule+0x10" : "schedule");
	return true;
}

/* What a line becomes with one value, by the writer alone. */
static void assert_message(const char *format, const struct skep_log_value *values, size_t n,
			   const char *expected)
{
	const struct skep_log_env env = { .realtime = 1000000000, .symbol = fake_symbol };
	struct skep_text text = { 0 };

	skep_log_write_message(format, values, n, &env, &text);
	assert_string_equal(skep_text_string(&text), expected);
	skep_text_free(&text);
}

#define NUMBER(format, value, expected) \
	assert_message((format), &(struct skep_log_value){ .number = (value) }, 1, (expected))
#define BYTES(format, expected, ...)                                                         \
	assert_message(                                                                      \
		(format),                                                                    \
		&(struct skep_log_value){ .bytes = (const uint8_t[]){ __VA_ARGS__ },         \
					  .len = sizeof((const uint8_t[]){ __VA_ARGS__ }) }, \
		1, (expected))

static void integers_are_cut_to_their_conversion(void **state)
{
	(void)state;
	NUMBER("%d", -1, "-1");
	NUMBER("%u", -1, "4294967295");
	NUMBER("%llu", -1, "18446744073709551615");
	NUMBER("%lx", -1, "ffffffffffffffff");
	NUMBER("%hx", -1, "ffff");
	NUMBER("%hhx", -1, "ff");
	NUMBER("%hhd", 200, "-56");
	NUMBER("%hd", 40000, "-25536");
	NUMBER("%zu", 7, "7");
	NUMBER("%#o", 8, "010");
	NUMBER("%X", 0xabc, "ABC");
	NUMBER("%c", 'x', "x");
	NUMBER("[%-4d]", 5, "[5   ]");
	NUMBER("[%04d]", 5, "[0005]");
	NUMBER("[%+.2d]", 5, "[+05]");
	NUMBER("[%3c]", 'x', "[  x]");
}

static void addresses_are_in_the_order_of_the_network(void **state)
{
	(void)state;
	BYTES("%pI4", "10.1.2.3", 10, 1, 2, 3);
	BYTES("%pI6", "fe80::1", 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
	BYTES("%pI6c!", "::ffff:10.1.2.3!", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 1, 2, 3);
	BYTES("%pM", "02:00:5e:00:00:ff", 2, 0, 0x5e, 0, 0, 0xff);
	BYTES("%pP", "443", 1, 0xbb);
}

static void bytes_are_hexadecimal(void **state)
{
	const struct skep_log_value two[] = { { .number = 2 }, { "\1\2\3", 3, 0 } };
	const struct skep_log_value many[] = { { .number = 900 }, { "\1\2\3", 3, 0 } };
	const struct skep_log_value negative[] = { { .number = -1 }, { "\1\2\3", 3, 0 } };

	(void)state;
	BYTES("%ph", "00 ff 10", 0, 0xff, 16);
	BYTES("%phC", "00:ff:10", 0, 0xff, 16);
	BYTES("%phD", "00-ff-10", 0, 0xff, 16);
	BYTES("%phN.", "00ff10.", 0, 0xff, 16);
	assert_message("%*ph", two, 2, "01 02");
	assert_message("%*phN", many, 2, "010203");
	assert_message("<%*ph>", negative, 2, "<>");
}

static void numbers_have_names_and_units(void **state)
{
	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	NUMBER("%pe", -2, "ENOENT");
	NUMBER("%pe", 13, "EACCES");
	NUMBER("%pe", 0, "0");
	NUMBER("%pe", INT64_MIN, "-9223372036854775808");
	NUMBER("%pt", 999, "999 ns");
	NUMBER("%pt", 1000, "1.000 us");
	NUMBER("%pt", 1234567, "1.234 ms");
	NUMBER("%pt", -61500000000, "-61.500 s");
	NUMBER("%pt", INT64_MIN, "-9223372036.854 s");
	NUMBER("%pT", 3661000042000, "01:01:02.000042");
	NUMBER("%ps", 0x1010, "schedule");
	NUMBER("%pS", 0x1010, "schedule+0x10");
	NUMBER("%pS", 0x999, "0x999");
	NUMBER("%p.", 0xffff888800000000, "0xffff888800000000.");
	NUMBER("[%10ps]", 0x1010, "[  schedule]");
}

static void strings_end_where_they_end(void **state)
{
	const struct skep_log_value failed = { "x", 0, -14 }, unending = { "abcdef", 3, 0 };

	(void)state;
	BYTES("<%s>", "<ab>", 'a', 'b', 0, 'c');
	BYTES("<%.1s>", "<a>", 'a', 'b', 0);
	BYTES("<%-4s>", "<ab  >", 'a', 'b', 0);
	BYTES("%pks%pus", "a", 'a', 0);
	assert_message("%s", &unending, 1, "abc");
	assert_message("%s", &failed, 1, "<EFAULT>");
	assert_message("%*ph", (const struct skep_log_value[]){ { 0 }, failed }, 2, "<EFAULT>");
}

/* The compiler lets none of these through, but what is read here may be anybody's. */
static void formats_that_fit_nothing_do_no_harm(void **state)
{
	static const char *const formats[] = { "%",	      "%%%",	"%s%s%s",   "%pI",
					       "%pI6",	      "%pM%pP", "%*d",	    "%999999999d",
					       "%.99999999x", "%n%f%q", "%lllllld", "%p",
					       "%*ph",	      "%pks",	"%-#0 +d",  "%hhhhhhd",
					       "%5" };

	(void)state;
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		const struct skep_log_env env = { 0 };
		const struct skep_log_value value = { "ab", 2, -1 };
		struct skep_text text = { 0 };

		skep_log_write_message(formats[i], &value, 1, &env, &text);
		skep_log_write_message(formats[i], NULL, 0, &env, &text);
		assert_true(text.len < 4000);
		skep_text_free(&text);
	}
	assert_message("%d %d", &(struct skep_log_value){ .number = 1 }, 1, "1 0");
	BYTES("%pI4", "<none>", 1, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(integers_are_cut_to_their_conversion),
		cmocka_unit_test(addresses_are_in_the_order_of_the_network),
		cmocka_unit_test(bytes_are_hexadecimal),
		cmocka_unit_test(numbers_have_names_and_units),
		cmocka_unit_test(strings_end_where_they_end),
		cmocka_unit_test(formats_that_fit_nothing_do_no_harm),
	};

	return cmocka_run_group_tests_name("event_log_message", tests, NULL, NULL);
}
