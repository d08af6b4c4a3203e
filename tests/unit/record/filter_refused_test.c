// SPDX-License-Identifier: MIT
/* What is no filter, and how that is told. */
#include "filter_support.h"

static struct skep_schema *schema;
static struct skep_error err;
static char hundred_thousand[100001];

static int setup(void **state)
{
	(void)state;
	schema = filtered_schema();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	skep_schema_free(schema);
	return 0;
}

/* The errno with which it is refused; 0: it is taken. */
static int refusal(const char *text)
{
	struct skep_filter *filter;

	err = (struct skep_error){ 0 };
	filter = skep_filter_new(schema, text, &err);
	skep_filter_free(filter);
	return filter ? 0 : err.code;
}

struct wrong {
	const char *text;
	int code;
	unsigned int column;
	const char *says;
};

static void check(const struct wrong *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char source[32];

		snprintf(source, sizeof(source), "filter:%u", cases[i].column);
		if (refusal(cases[i].text) != cases[i].code || strcmp(err.source, source) != 0)
			fail_msg("%s: %d at %s: %s", cases[i].text, err.code, err.source,
				 err.cause);
		assert_error_says(&err, cases[i].says);
	}
}

#define CHECK(...)                                                   \
	do {                                                         \
		static const struct wrong cases[] = { __VA_ARGS__ }; \
		check(cases, sizeof(cases) / sizeof(cases[0]));      \
	} while (0)

static void the_column_is_where_the_fault_is(void **state)
{
	(void)state;
	CHECK({ "", EINVAL, 1, "the filter is empty" }, { "  ", EINVAL, 3, "the filter is empty" },
	      { "pid == ", EINVAL, 8, "a value is missing" }, { "pid = 1", EINVAL, 5, "write ==" },
	      { "pid == 1 &&", EINVAL, 12, "the filter ends where a member's name must be" },
	      { "pid == 1 & ret", EINVAL, 10, "tests are joined by &&, a comma, or ||" },
	      { "comm & ret", EINVAL, 6, "'comm' has no bits that could be asked for" },
	      { "pid & ret", EINVAL, 7, "'ret' is not its value" },
	      { "pid & 0", EINVAL, 7, "these are no bits" },
	      { "error & ENOENT", EINVAL, 9, "these are no bits" },
	      { "pid ret", EINVAL, 5, "something follows the test" },
	      { "(pid == 1", EINVAL, 1, "this parenthesis is not closed" },
	      { "(pid == 1 ret)", EINVAL, 11, "')' must be here" },
	      { "pid == 1)", EINVAL, 9, "no parenthesis is open" },
	      { "pid == 1 && == 2", EINVAL, 13, "a member's name must be here" },
	      { "pid not 1", EINVAL, 5, "'not' must be followed by 'in'" },
	      { "pid in 1", EINVAL, 8, "write in (1, 2, 3)" },
	      { "pid in (1, 2", EINVAL, 8, "the list has no end" },
	      { "pid in (1 2)", EINVAL, 11, "',' or ')' must be here" },
	      { "pid in ()", EINVAL, 9, "a value is missing" },
	      { "comm == \"ba", EINVAL, 9, "the text has no end" },
	      { "comm == \"b\\a\"", EINVAL, 11, "there is no such escape" },
	      { "comm == \"b\\x00\"", EINVAL, 11, "a zero is no part of text" },
	      { "comm == 'ü' && x", ENOENT, 16, "there is no member 'x'" });
}

static void members_that_there_are_not_have_near_names(void **state)
{
	(void)state;
	CHECK({ "com == x", ENOENT, 1, "there is no member 'com'; did you mean 'comm'?" },
	      { "pid == 1 && pair.c", ENOENT, 18, "it has: a b" },
	      { "pid.a", ENOENT, 5, "what stands before '.a' has no members" },
	      { "pairs.a == 1", ENOENT, 7, "give an element's number: [0]" },
	      { "pairs[0].c == 1", ENOENT, 10, "there is no member 'c'" },
	      { "pid[0]", EINVAL, 4, "what stands before '[' is no array" },
	      { "list[3] == 1", ERANGE, 6, "it has 3, from 0 on" },
	      { "list[99999999999] == 1", ERANGE, 6, "no array has so many elements" },
	      { "rest[2147483647] == 1", ERANGE, 6, "no record is that long" },
	      { "list[x] == 1", EINVAL, 6, "an element's number must be here" },
	      { "list[1 == 1", EINVAL, 8, "']' must be here" },
	      { "list == 1", EINVAL, 1, "'list' is an array" },
	      { "pair == 1", EINVAL, 1, "give one of its members behind a dot" },
	      { "!pair", EINVAL, 2, "'pair' is a struct" });
}

static void values_that_do_not_fit_are_told_what_does(void **state)
{
	(void)state;
	CHECK({ "pid == x", EINVAL, 8, "member 'pid'" },
	      { "pid == -1", ERANGE, 8, "its range is 0 to 4294967295" },
	      { "pid == 4294967296", ERANGE, 8, "out of its range" },
	      { "pid == 1ms", EINVAL, 8, "'1ms' is not its value" },
	      { "pid == ENOSUCH", EINVAL, 8, "ENOENT" },
	      { "pid == \"\"", EINVAL, 8, "give a whole number" },
	      { "low > 8", ERANGE, 7, "its range is 0 to 7" },
	      { "level == 200", ERANGE, 10, "its range is -128 to 127" },
	      { "state == TCP_ESTABLISHE", EINVAL, 10, "did you mean 'TCP_ESTABLISHED'?" },
	      { "state == X", EINVAL, 10, "TCP_NEW TCP_ESTABLISHED" },
	      { "error > ENOENT", EINVAL, 9, "names of errors have no order" },
	      { "signal == SIGNONE", EINVAL, 11, "SIGKILL" },
	      { "flag == maybe", EINVAL, 9, "give true or false" },
	      { "ratio == x", EINVAL, 10, "give a number" },
	      { "mean == null", EINVAL, 9, "give a number" },
	      { "mean == 1,5", EINVAL, 11, "a member's name must be here" },
	      { "latency > 10parsecs", EINVAL, 11, "'10parsecs' is not its value" },
	      { "daddr == 10.0.0.0/33", EINVAL, 10, "give 0 to 32 bits: 10.0.0.0/8" },
	      { "daddr == 10.0.0", EINVAL, 10, "give an address" },
	      { "daddr == ::1", EINVAL, 10, "give an address" },
	      { "from == ::1/129", EINVAL, 9, "give 0 to 128 bits" },
	      { "mac == 0a:1b", EINVAL, 8, "give six bytes" },
	      { "port == 65536", EINVAL, 9, "0 to 65535" },
	      { "when > yesterday", EINVAL, 8, "give nanoseconds, or a time" },
	      { "comm == 12345678901234567", ERANGE, 9, "there is room for 16" },
	      { "letter == 'ab'", ERANGE, 11, "the string has 2 bytes" });
}

static void patterns_that_are_none_or_cost_too_much_are_refused(void **state)
{
	char text[600] = "comm ~ ";

	(void)state;
	CHECK({ "comm ~ '('", EINVAL, 8, "it is no pattern" },
	      { "comm ~ ''", EINVAL, 8, "the pattern is empty" },
	      { "pid ~ 1", EINVAL, 5, "patterns are for text, and 'pid' is none" },
	      { "state ~ XYZ", EINVAL, 9, "no value of 'state' has such a name" },
	      { "comm ~ (a)\\1", EINVAL, 8, "cannot refer back" },
	      { "comm ~ ((a{1,255}){1,255}){1,255}", E2BIG, 8, "more than 1000 places" },
	      { "comm ~ a{1001}", E2BIG, 8, "more than 1000 places" },
	      { "comm ~ a{40}{40}", E2BIG, 8, "more than 1000 places" });
	for (int i = 0; i < 60; i++)
		strcat(text, "(");
	strcat(text, "a");
	for (int i = 0; i < 60; i++)
		strcat(text, "+)");
	assert_int_equal(refusal(text), E2BIG);
	memset(text + 7, 'a', 256);
	text[7 + 256] = '\0';
	assert_int_equal(refusal(text), 0);
	text[7 + 256] = 'a';
	text[7 + 257] = '\0';
	assert_int_equal(refusal(text), E2BIG);
	assert_int_equal(refusal("comm ~ ([a-z]+-)+[0-9]{1,5}(\\.[[:alpha:]]+){2,3}$"), 0);
	assert_int_equal(refusal("comm ~ [{9999}]a{2}"), 0);
}

static void filters_are_bounded(void **state)
{
	char text[5000];
	size_t len = 0;

	(void)state;
	memset(hundred_thousand, '(', 100000);
	assert_int_equal(refusal(hundred_thousand), E2BIG);
	assert_error_says(&err, "the filter has more than 4096 bytes");
	memset(text, '(', 4096);
	text[4096] = '\0';
	assert_int_equal(refusal(text), E2BIG);
	assert_string_equal(err.source, "filter:65");
	memset(text, '!', 4093);
	strcpy(text + 4093, "pid");
	assert_int_equal(refusal(text), 0);
	for (int i = 0; i < 64; i++)
		text[i] = '(';
	strcpy(text + 64, "pid");
	for (int i = 0; i < 64; i++)
		text[67 + i] = ')';
	text[67 + 64] = '\0';
	assert_int_equal(refusal(text), 0);
	len = (size_t)sprintf(text, "pid in (1");
	for (int i = 0; i < 999; i++)
		len += (size_t)sprintf(text + len, ",%d", i % 10);
	strcpy(text + len, ")");
	assert_int_equal(refusal(text), 0);
	strcpy(text + len, ",1)");
	assert_int_equal(refusal(text), E2BIG);
	assert_error_says(&err, "more than 1000 comparisons");
}

static void a_caret_points_at_the_fault(void **state)
{
	struct skep_text text = { 0 };

	(void)state;
	refusal("pid == 1 && com ~ x");
	skep_filter_point(&err, "pid == 1 && com ~ x", &text);
	assert_string_equal(skep_text_string(&text), "  pid == 1 && com ~ x\n"
						     "              ^\n");
	skep_text_reset(&text);
	refusal("comm == 'ü\t' && com");
	skep_filter_point(&err, "comm == 'ü\t' && com", &text);
	assert_string_equal(skep_text_string(&text), "  comm == 'ü\\t' && com\n"
						     "                   ^\n");
	skep_text_reset(&text);
	skep_filter_point(&(struct skep_error){ .source = "x.c:1" }, "pid", &text);
	skep_filter_point(&err, NULL, &text);
	assert_int_equal(text.len, 0);
	skep_text_free(&text);
}

static void without_something_there_is_no_filter(void **state)
{
	(void)state;
	err = (struct skep_error){ 0 };
	assert_null(skep_filter_new(NULL, "pid", &err));
	assert_int_equal(err.code, EINVAL);
	assert_null(skep_filter_new(schema, NULL, &err));
	assert_null(skep_filter_new(schema, "x", NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_column_is_where_the_fault_is),
		cmocka_unit_test(members_that_there_are_not_have_near_names),
		cmocka_unit_test(values_that_do_not_fit_are_told_what_does),
		cmocka_unit_test(patterns_that_are_none_or_cost_too_much_are_refused),
		cmocka_unit_test(filters_are_bounded),
		cmocka_unit_test(a_caret_points_at_the_fault),
		cmocka_unit_test(without_something_there_is_no_filter),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
