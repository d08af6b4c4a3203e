// SPDX-License-Identifier: MIT
#include <errno.h>

#include "test.h"

#include "stream/setting.h"

static struct skep_sink_setting setting;
static struct skep_error err;

static struct skep_sink *sink_with(const char *name, const char *value)
{
	static struct skep_sink sink;

	setting = (struct skep_sink_setting){ name, value };
	sink = (struct skep_sink){ 0 };
	sink.settings.items = &setting;
	sink.settings.len = 1;
	err = (struct skep_error){ 0 };
	return &sink;
}

static void durations_have_fractions_and_units(void **state)
{
	static const struct {
		const char *text;
		int64_t ns;
	} durations[] = { { "5", 5000000000 },	     { "0.5", 500000000 },
			  { "500ms", 500000000 },    { "2m", 120000000000 },
			  { "1.5h", 5400000000000 }, { "0.25s", 250000000 },
			  { ".5", 500000000 },	     { "0", 0 } };
	static const char *const wrong[] = {
		"",   "x",   "5x", "-1",	   "1.", "99999999999999999999",
		"ms", "1e3", "5 ", "300000000000h"
	};
	int64_t ns;

	(void)state;
	for (size_t i = 0; i < sizeof(durations) / sizeof(durations[0]); i++) {
		assert_true(skep_read_duration(durations[i].text, &ns));
		assert_int_equal(ns, durations[i].ns);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(skep_read_duration(wrong[i], &ns));
}

static void sizes_have_units_of_1024(void **state)
{
	static const char *const wrong[] = { "", "K", "1KB", "1k", "-1", "999999999T", "1.5M" };
	uint64_t bytes;

	(void)state;
	assert_true(skep_read_size("64K", &bytes));
	assert_int_equal(bytes, 65536);
	assert_true(skep_read_size("2G", &bytes));
	assert_int_equal(bytes, 2147483648);
	assert_true(skep_read_size("500", &bytes));
	assert_int_equal(bytes, 500);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(skep_read_size(wrong[i], &bytes));
}

static void settings_are_held_to_their_limits(void **state)
{
	static const char *const words[] = { "lines", "json", NULL };
	uint64_t number = 7;
	int64_t ns = 7;
	bool flag = false;
	int index = 0;

	(void)state;
	assert_int_equal(skep_sink_number(sink_with("a", "3"), "b", 1, 9, &number, &err), 0);
	assert_int_equal(number, 7);
	assert_int_equal(skep_sink_number(sink_with("b", "3"), "b", 1, 9, &number, &err), 0);
	assert_int_equal(number, 3);
	assert_int_equal(skep_sink_number(sink_with("b", "10"), "b", 1, 9, &number, &err), -EINVAL);
	assert_error_says(&err, "b cannot be '10'; give a number between 1 and 9");
	assert_int_equal(skep_sink_size(sink_with("b", "1"), "b", 4096, 65536, &number, &err),
			 -EINVAL);
	assert_error_says(&err, "between 4.0 KiB and 64.0 KiB");
	assert_int_equal(skep_sink_duration(sink_with("b", "2m"), "b", 1, 1000000000, &ns, &err),
			 -EINVAL);
	assert_int_equal(skep_sink_flag(sink_with("b", "yes"), "b", &flag, &err), 0);
	assert_true(flag);
	assert_int_equal(skep_sink_flag(sink_with("b", "1"), "b", &flag, &err), -EINVAL);
	assert_error_says(&err, "one of no, yes");
	assert_int_equal(skep_sink_choice(sink_with("b", "json"), "b", words, &index, &err), 0);
	assert_int_equal(index, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(durations_have_fractions_and_units),
		cmocka_unit_test(sizes_have_units_of_1024),
		cmocka_unit_test(settings_are_held_to_their_limits),
	};

	return cmocka_run_group_tests_name("stream_setting", tests, NULL, NULL);
}
