// SPDX-License-Identifier: MIT
/* Counts of values, as tables and JSON. */
#include <skep/histogram.h>

#include "test.h"
#include "unit/json_check.h"

static char written[1 << 14];

static const char *table(const struct skep_histogram *h)
{
	struct skep_text text = { 0 };

	skep_histogram_write(h, &text);
	snprintf(written, sizeof(written), "%s", skep_text_string(&text));
	skep_text_free(&text);
	return written;
}

static const char *json(const struct skep_histogram *h)
{
	struct skep_text text = { 0 };

	skep_histogram_write_json(h, &text);
	skep_text_char(&text, '\n');
	assert_true(is_json_line(text.data, text.len));
	snprintf(written, sizeof(written), "%.*s", (int)text.len - 1, text.data);
	skep_text_free(&text);
	return written;
}

static void powers_of_two_are_lines_with_bars(void **state)
{
	uint64_t slots[64] = { 3, 0, 12, 1 };
	const struct skep_histogram h = {
		.size = sizeof(h), .slots = slots, .n = 64, .unit = "us"
	};

	(void)state;
	assert_string_equal(
		table(&h),
		"     us                  : count    distribution\n"
		"         0 -> 1          : 3        |**********                              |\n"
		"         2 -> 3          : 0        |                                        |\n"
		"         4 -> 7          : 12       |****************************************|\n"
		"         8 -> 15         : 1        |***                                     |\n");
	assert_string_equal(json(&h), "{\"unit\":\"us\",\"intervals\":["
				      "{\"start\":0,\"end\":1,\"count\":3},"
				      "{\"start\":2,\"end\":3,\"count\":0},"
				      "{\"start\":4,\"end\":7,\"count\":12},"
				      "{\"start\":8,\"end\":15,\"count\":1}]}");
}

static void values_find_their_power_of_two(void **state)
{
	static const struct {
		uint64_t value;
		size_t slot;
	} cases[] = { { 0, 0 },		  { 1, 0 },	      { 2, 1 },		 { 3, 1 },
		      { 4, 2 },		  { 7, 2 },	      { 1023, 9 },	 { 1024, 10 },
		      { 1ull << 31, 31 }, { 1ull << 63, 63 }, { UINT64_MAX, 63 } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t slots[64] = { 0 };
		struct skep_histogram h = { .size = sizeof(h), .slots = slots, .n = 64 };

		skep_histogram_add_unsigned(&h, cases[i].value);
		assert_int_equal(slots[cases[i].slot], 1);
		assert_true(!h.below && !h.above);
	}
}

static void values_without_a_slot_are_counted_apart(void **state)
{
	uint64_t slots[4] = { 0 };
	struct skep_histogram h = { .size = sizeof(h), .slots = slots, .n = 4 };

	(void)state;
	skep_histogram_add(&h, -1);
	skep_histogram_add(&h, INT64_MIN);
	skep_histogram_add(&h, 15);
	skep_histogram_add(&h, 16);
	assert_true(h.below == 2 && h.above == 1 && slots[3] == 1);
	assert_non_null(strstr(table(&h), "       < 0               : 2        |****"));
	assert_non_null(strstr(written, "         8 -> 15         : 1        |****"));
	assert_non_null(strstr(written, "      > 15               : 1        |****"));
	assert_non_null(strstr(json(&h), "],\"below\":2,\"above\":1}"));
}

static void linear_slots_begin_at_the_base(void **state)
{
	uint64_t slots[5] = { 0 };
	struct skep_histogram h = { .size = sizeof(h),
				    .kind = SKEP_HISTOGRAM_LINEAR,
				    .slots = slots,
				    .n = 5,
				    .base = -20,
				    .step = 10 };

	(void)state;
	skep_histogram_add(&h, -21);
	skep_histogram_add(&h, -20);
	skep_histogram_add(&h, -11);
	skep_histogram_add(&h, -1);
	skep_histogram_add(&h, 0);
	skep_histogram_add(&h, 29);
	skep_histogram_add(&h, 30);
	skep_histogram_add_unsigned(&h, UINT64_MAX);
	assert_true(h.below == 1 && h.above == 2);
	assert_true(slots[0] == 2 && slots[1] == 1 && slots[2] == 1 && !slots[3] && slots[4] == 1);
	assert_non_null(strstr(table(&h), "       -20 -> -11        : 2        |****"));
	assert_non_null(strstr(written, "        20 -> 29         : 1        |****"));
	assert_non_null(strstr(json(&h), "{\"start\":-20,\"end\":-11,\"count\":2}"));
}

static void linear_slots_of_one_value_have_one_number(void **state)
{
	uint64_t slots[8] = { [3] = 2, [4] = 1 };
	const struct skep_histogram h = { .size = sizeof(h),
					  .kind = SKEP_HISTOGRAM_LINEAR,
					  .slots = slots,
					  .n = 8,
					  .base = 100,
					  .unit = "\033[2J" };

	(void)state;
	assert_string_equal(
		table(&h),
		"     \\x1b[2J             : count    distribution\n"
		"       103               : 2        |****************************************|\n"
		"       104               : 1        |********************                    |\n");
}

static void the_largest_numbers_have_room(void **state)
{
	uint64_t slots[64] = { [63] = UINT64_MAX, [0] = 1 };
	struct skep_histogram h = { .size = sizeof(h), .slots = slots, .n = 64 };

	(void)state;
	assert_non_null(strstr(table(&h), "9223372036854775808 -> 18446744073709551615 : "
					  "18446744073709551615 |********************|\n"));
	h.kind = SKEP_HISTOGRAM_LINEAR;
	h.base = INT64_MIN;
	h.step = UINT64_MAX;
	assert_non_null(strstr(table(&h), "-9223372036854775808 -> 9223372036854775806"));
	assert_non_null(strstr(written, "18446744073709551615    "));
	skep_histogram_add(&h, INT64_MAX);
	assert_int_equal(slots[1], 1);
}

static void nothing_counted_is_nothing_written(void **state)
{
	uint64_t slots[2] = { 0 };
	struct skep_histogram h = { .size = sizeof(h), .slots = slots, .n = 2 };

	(void)state;
	assert_string_equal(table(&h), "");
	assert_string_equal(json(&h), "{\"unit\":\"\",\"intervals\":[]}");
	assert_string_equal(table(NULL), "");
	skep_histogram_add(NULL, 1);
	h = (struct skep_histogram){ .size = sizeof(h), .above = 2 };
	assert_non_null(strstr(table(&h), "> 1"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(powers_of_two_are_lines_with_bars),
		cmocka_unit_test(values_find_their_power_of_two),
		cmocka_unit_test(values_without_a_slot_are_counted_apart),
		cmocka_unit_test(linear_slots_begin_at_the_base),
		cmocka_unit_test(linear_slots_of_one_value_have_one_number),
		cmocka_unit_test(the_largest_numbers_have_room),
		cmocka_unit_test(nothing_counted_is_nothing_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
