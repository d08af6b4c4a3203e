// SPDX-License-Identifier: MIT
/* A filter's text to tests, in one pass: what binds weaker calls what binds stronger. */
#include <errno.h>

#include "base/error.h"
#include "record/filter_compile.h"

/* A place is a test's number by two, with 1 for its `no`; beginning with 2, as 0 is none. */
static uint16_t *field_of(struct skep_filter_compiler *c, uint32_t place)
{
	struct skep_filter_test *test = &c->filter->tests.items[place / 2 - 1];

	return place % 2 ? &test->no : &test->yes;
}

static void lead_to(struct skep_filter_compiler *c, uint32_t place, size_t target)
{
	while (place) {
		uint16_t *field = field_of(c, place);

		place = *field;
		*field = (uint16_t)target;
	}
}

static uint32_t both(struct skep_filter_compiler *c, uint32_t first, uint32_t second)
{
	uint32_t last = first;

	if (!first)
		return second;
	while (*field_of(c, last))
		last = *field_of(c, last);
	*field_of(c, last) = (uint16_t)second;
	return first;
}

int skep_filter_add_test(struct skep_filter_compiler *c, const struct skep_filter_test *test,
			 const char *at, struct skep_filter_jumps *jumps)
{
	size_t n = c->filter->tests.len;
	struct skep_filter_test *slot;

	if (n >= SKEP_FILTER_MOST_TESTS)
		return skep_filter_refuse(c, at, E2BIG, NULL,
					  "the filter makes more than %d comparisons",
					  SKEP_FILTER_MOST_TESTS);
	slot = skep_vec_push(&c->filter->tests);
	if (!slot)
		return skep_error_nomem(c->err, SKEP_STAGE_USAGE);
	*slot = *test;
	slot->yes = slot->no = 0;
	*jumps = (struct skep_filter_jumps){ (uint32_t)(n + 1) * 2, (uint32_t)(n + 1) * 2 + 1 };
	return 0;
}

void skep_filter_join_and(struct skep_filter_compiler *c, struct skep_filter_jumps *jumps,
			  struct skep_filter_jumps more, size_t more_begins)
{
	lead_to(c, jumps->yes, more_begins);
	jumps->yes = more.yes;
	jumps->no = both(c, more.no, jumps->no);
}

void skep_filter_join_or(struct skep_filter_compiler *c, struct skep_filter_jumps *jumps,
			 struct skep_filter_jumps more, size_t more_begins)
{
	lead_to(c, jumps->no, more_begins);
	jumps->no = more.no;
	jumps->yes = both(c, more.yes, jumps->yes);
}

static int take_or(struct skep_filter_compiler *c, struct skep_filter_jumps *jumps);

static int take_group(struct skep_filter_compiler *c, struct skep_filter_jumps *jumps)
{
	const char *begin = c->at - 1;
	int ret;

	if (++c->levels > SKEP_FILTER_MOST_LEVELS)
		return skep_filter_refuse(c, begin, E2BIG, NULL,
					  "parentheses are nested deeper than %d levels",
					  SKEP_FILTER_MOST_LEVELS);
	ret = take_or(c, jumps);
	if (ret)
		return ret;
	c->levels--;
	if (skep_filter_take(c, ")"))
		return 0;
	if (!*c->at)
		return skep_filter_refuse(c, begin, EINVAL, NULL, "this parenthesis is not closed");
	return skep_filter_refuse(c, c->at, EINVAL, "tests are joined by &&, a comma, or ||",
				  "')' must be here");
}

/* "!" that stands before a name, not the beginning of "!=". */
static bool take_not(struct skep_filter_compiler *c)
{
	return skep_filter_take_word(c, "not") || skep_filter_take(c, "!");
}

static int take_test(struct skep_filter_compiler *c, struct skep_filter_jumps *jumps)
{
	struct skep_filter_comparison comparison;
	struct skep_filter_member member;
	bool is_negated = false;
	int ret;

	while (take_not(c))
		is_negated = !is_negated;
	if (skep_filter_take(c, "("))
		ret = take_group(c, jumps);
	else
		ret = skep_filter_take_member(c, &member)		  ?:
			      skep_filter_take_comparison(c, &comparison) ?:
			      skep_filter_add_comparison(c, &member, &comparison, jumps);
	if (!ret && is_negated)
		*jumps = (struct skep_filter_jumps){ jumps->no, jumps->yes };
	return ret;
}

static bool takes_and(struct skep_filter_compiler *c)
{
	return skep_filter_take(c, "&&") || skep_filter_take(c, ",") ||
	       skep_filter_take_word(c, "and");
}

static bool takes_or(struct skep_filter_compiler *c)
{
	return skep_filter_take(c, "||") || skep_filter_take_word(c, "or");
}

static int take_and(struct skep_filter_compiler *c, struct skep_filter_jumps *jumps)
{
	int ret = take_test(c, jumps);

	while (!ret && takes_and(c)) {
		size_t begins = c->filter->tests.len;
		struct skep_filter_jumps more = { 0 };

		ret = take_test(c, &more);
		if (!ret)
			skep_filter_join_and(c, jumps, more, begins);
	}
	return ret;
}

static int take_or(struct skep_filter_compiler *c, struct skep_filter_jumps *jumps)
{
	int ret = take_and(c, jumps);

	while (!ret && takes_or(c)) {
		size_t begins = c->filter->tests.len;
		struct skep_filter_jumps more = { 0 };

		ret = take_and(c, &more);
		if (!ret)
			skep_filter_join_or(c, jumps, more, begins);
	}
	return ret;
}

int skep_filter_parse(struct skep_filter_compiler *c)
{
	struct skep_filter_jumps jumps = { 0 };
	int ret;

	skep_filter_skip(c);
	if (!*c->at)
		return skep_filter_refuse(c, c->at, EINVAL, "write a test: pid == 1",
					  "the filter is empty");
	ret = take_or(c, &jumps);
	if (ret)
		return ret;
	skep_filter_skip(c);
	if (*c->at == ')')
		return skep_filter_refuse(c, c->at, EINVAL, NULL,
					  "no parenthesis is open that this could close");
	if (*c->at)
		return skep_filter_refuse(c, c->at, EINVAL,
					  "tests are joined by &&, a comma, or ||",
					  "something follows the test");
	lead_to(c, jumps.yes, c->filter->tests.len);
	lead_to(c, jumps.no, c->filter->tests.len + 1);
	return 0;
}
