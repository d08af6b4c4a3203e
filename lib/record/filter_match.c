// SPDX-License-Identifier: MIT
/* A record against the tests of a filter: what runs for each record. */
#include <string.h>

#include "base/integer.h"
#include "record/filter_compile.h"

#define SHORT_TEXT 1024

static inline uint64_t load_be(const uint8_t *at, int size)
{
	uint64_t value = 0;

	for (int i = 0; i < size; i++)
		value = value << 8 | at[i];
	return value;
}

static inline uint64_t load(const struct skep_filter_test *test, const uint8_t *at)
{
	switch ((enum skep_filter_op)test->op) {
	case SKEP_FILTER_U8:
		return *at;
	case SKEP_FILTER_U16:
		return skep_int_load(at, 2);
	case SKEP_FILTER_U32:
		return skep_int_load(at, 4);
	case SKEP_FILTER_U64:
		return skep_int_load(at, 8);
	case SKEP_FILTER_S8:
		return (uint64_t)(int8_t)*at;
	case SKEP_FILTER_S16:
		return (uint64_t)(int16_t)skep_int_load(at, 2);
	case SKEP_FILTER_S32:
		return (uint64_t)(int32_t)skep_int_load(at, 4);
	case SKEP_FILTER_BE16:
		return load_be(at, 2);
	case SKEP_FILTER_BE32:
		return load_be(at, 4);
	case SKEP_FILTER_BE48:
		return load_be(at, 6);
	default:
		return skep_node_number(test->node, at);
	}
}

uint64_t skep_filter_load(const struct skep_filter_test *test, const uint8_t *at)
{
	return load(test, at);
}

skep_u128 skep_filter_load_wide(const struct skep_filter_test *test, const uint8_t *at)
{
	skep_u128 value;

	if (test->op == SKEP_FILTER_BE128)
		return (skep_u128)load_be(at, 8) << 64 | load_be(at + 8, 8);
	memcpy(&value, at, sizeof(value));
	return value;
}

double skep_filter_load_float(const struct skep_filter_test *test, const uint8_t *at)
{
	double wide;
	float narrow;

	if (test->size == sizeof(narrow)) {
		memcpy(&narrow, at, sizeof(narrow));
		return (double)narrow;
	}
	memcpy(&wide, at, sizeof(wide));
	return wide;
}

static bool compare_float(enum skep_filter_order order, double a, double b)
{
	switch (order) {
	case SKEP_FILTER_EQ:
		return a == b;
	case SKEP_FILTER_NE:
		return a != b;
	case SKEP_FILTER_LT:
		return a < b;
	case SKEP_FILTER_LE:
		return a <= b;
	case SKEP_FILTER_GT:
		return a > b;
	case SKEP_FILTER_GE:
		return a >= b;
	}
	return false;
}

/* @difference: below, at or above zero, as of memcmp(3). */
static bool is_in_order(enum skep_filter_order order, int difference)
{
	switch (order) {
	case SKEP_FILTER_EQ:
		return !difference;
	case SKEP_FILTER_NE:
		return difference;
	case SKEP_FILTER_LT:
		return difference < 0;
	case SKEP_FILTER_LE:
		return difference <= 0;
	case SKEP_FILTER_GT:
		return difference > 0;
	case SKEP_FILTER_GE:
		return difference >= 0;
	}
	return false;
}

static int compare_text(const char *a, size_t len, const struct skep_filter_test *test)
{
	size_t least = len < test->len ? len : test->len;
	int difference = least ? memcmp(a, test->text, least) : 0;

	return difference ?: (len > test->len) - (len < test->len);
}

/*
 * The text need not end with a NUL: a short one is copied, which costs nothing beside the search,
 * as sanitizers do not know that a long one's bounds are given.
 */
static bool has_pattern(const regex_t *pattern, const char *text, size_t len)
{
	regmatch_t bounds = { .rm_so = 0, .rm_eo = (regoff_t)len };
	char copy[SHORT_TEXT];

	if (len < sizeof(copy)) {
		memcpy(copy, text, len);
		copy[len] = '\0';
		return !regexec(pattern, copy, 0, NULL, 0);
	}
	return !regexec(pattern, text, 1, &bounds, REG_STARTEND);
}

static bool is_any(const uint8_t *at, size_t len)
{
	while (len && !*at) {
		at++;
		len--;
	}
	return len;
}

/* All that is no number. @left: bytes of the record from @at on. */
static bool test_bytes(const struct skep_filter_test *test, const uint8_t *at, size_t left)
{
	size_t room = test->is_open ? left : test->size;
	const char *text = (const char *)at;
	size_t len;

	if (test->op == SKEP_FILTER_FLOAT)
		return compare_float(test->order, skep_filter_load_float(test, at), test->number);
	if (test->op == SKEP_FILTER_BYTES)
		return is_in_order(test->order, memcmp(at, test->text, room));
	if (test->op == SKEP_FILTER_ANY)
		return is_any(at, room);
	/* Behind this length a text can no longer begin with the one that is wanted. */
	if (test->op == SKEP_FILTER_BEGINS)
		return test->len <= room && !memcmp(at, test->text, test->len);
	len = strnlen(text, room);
	switch ((enum skep_filter_op)test->op) {
	case SKEP_FILTER_TEXT:
		return is_in_order(test->order, compare_text(text, len, test));
	case SKEP_FILTER_ENDS:
		return test->len <= len && !memcmp(text + len - test->len, test->text, test->len);
	case SKEP_FILTER_CONTAINS:
		return memmem(text, len, test->text, test->len);
	case SKEP_FILTER_PATTERN:
		return has_pattern(test->pattern, text, len);
	default:
		return false;
	}
}

bool skep_filter_test_text(const struct skep_filter_test *test, const char *text, size_t len)
{
	struct skep_filter_test whole = *test;

	whole.is_open = true;
	return test_bytes(&whole, (const uint8_t *)text, len);
}

static bool test_wide(const struct skep_filter_test *test, const uint8_t *at)
{
	return skep_filter_load_wide(test, at) - test->wide->low <= test->wide->span;
}

static inline bool run_test(const struct skep_filter_test *test, const uint8_t *data, size_t len)
{
	const uint8_t *at;
	bool is_true;

	/* Offset and size are of BTF that was checked: their sum fits into 32 bits. */
	if (test->offset + test->size > len || test->op == SKEP_FILTER_NEVER)
		return false;
	at = data + test->offset;
	if (test->op <= SKEP_FILTER_BITS)
		is_true = (load(test, at) & test->mask) - test->low <= test->span;
	else if (test->op <= SKEP_FILTER_BE128)
		is_true = test_wide(test, at);
	else
		is_true = test_bytes(test, at, len - test->offset);
	return is_true != test->is_negated;
}

bool skep_filter_matches(const struct skep_filter *filter, const void *data, size_t len)
{
	static const uint8_t nothing;
	size_t n = filter ? filter->tests.len : 0, at = 0;

	if (!data) {
		data = &nothing;
		len = 0;
	}
	while (at < n) {
		const struct skep_filter_test *test = &filter->tests.items[at];

		at = run_test(test, data, len) ? test->yes : test->no;
	}
	return at == n;
}
