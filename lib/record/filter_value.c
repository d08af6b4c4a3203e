// SPDX-License-Identifier: MIT
/* Comparisons to tests. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "record/filter_compile.h"
#include "record/names.h"

static bool is_number(const struct skep_filter_member *m)
{
	return m->test.op <= SKEP_FILTER_BE128;
}

static int add_number(struct skep_filter_compiler *c, const struct skep_filter_member *m,
		      enum skep_filter_order order, const struct skep_text *value, bool is_quoted,
		      const char *at, struct skep_filter_jumps *jumps)
{
	struct skep_filter_range ranges[SKEP_FILTER_MOST_RANGES] = { 0 };
	int n = skep_filter_read_number(c, m, at, value, is_quoted, ranges), ret = 0;

	if (n < 0)
		return n;
	if (n == 1)
		return skep_filter_add_range(c, m, order, &ranges[0], at, jumps);
	if (order != SKEP_FILTER_EQ && order != SKEP_FILTER_NE)
		return skep_filter_refuse(c, at, EINVAL,
					  "compare it with a number, or by == and !=",
					  "names of errors have no order");
	*jumps = (struct skep_filter_jumps){ 0 };
	for (int i = 0; i < n && !ret; i++)
		ret = skep_filter_add_more(c, m, order == SKEP_FILTER_NE, &ranges[i], at, jumps);
	return ret;
}

static int add_float(struct skep_filter_compiler *c, const struct skep_filter_member *m,
		     enum skep_filter_order order, const struct skep_text *value, const char *at,
		     struct skep_filter_jumps *jumps)
{
	struct skep_filter_test test = m->test;
	uint8_t bytes[16];
	int ret = skep_filter_read_bytes(c, m, at, value, true, bytes, sizeof(bytes));

	if (ret)
		return ret;
	test.order = (uint8_t)order;
	test.number = skep_filter_load_float(&test, bytes);
	return skep_filter_add_test(c, &test, at, jumps);
}

/* Text, and numbers of odd sizes as their digits. */
static int add_text(struct skep_filter_compiler *c, const struct skep_filter_member *m,
		    enum skep_filter_order order, const struct skep_text *value, const char *at,
		    struct skep_filter_jumps *jumps)
{
	struct skep_filter_test test = m->test;
	const char *text = value->data ?: "";
	size_t len = value->len;
	char hint[48];
	uint8_t bytes[64];
	int ret;

	if (m->test.op == SKEP_FILTER_BYTES) {
		if (m->node.size > sizeof(bytes))
			return skep_filter_refuse(c, m->at, EINVAL, NULL,
						  "it is too long to be compared");
		ret = skep_filter_read_bytes(c, m, at, value, false, bytes, sizeof(bytes));
		if (ret)
			return ret;
		text = (const char *)bytes;
		len = m->node.size;
	}
	snprintf(hint, sizeof(hint), "there is room for %u", m->node.size);
	if (len > m->node.size && !m->node.is_open)
		return skep_filter_refuse(c, at, ERANGE, hint, "the text has %zu bytes", len);
	test.order = (uint8_t)order;
	test.len = len;
	test.text = skep_arena_string(&c->filter->arena, text, len);
	return test.text ? skep_filter_add_test(c, &test, at, jumps) :
			   skep_error_nomem(c->err, SKEP_STAGE_USAGE);
}

static int add_value(struct skep_filter_compiler *c, const struct skep_filter_member *m,
		     enum skep_filter_order order, struct skep_filter_jumps *jumps)
{
	SKEP_SCOPED(skep_text_free) struct skep_text value = { 0 };
	const char *at;
	bool is_quoted;
	int ret;

	skep_filter_skip(c);
	at = c->at;
	ret = skep_filter_take_value(c, false, &value, &is_quoted);
	if (ret)
		return ret;
	if (is_number(m))
		return add_number(c, m, order, &value, is_quoted, at, jumps);
	if (m->test.op == SKEP_FILTER_FLOAT)
		return add_float(c, m, order, &value, at, jumps);
	return add_text(c, m, order, &value, at, jumps);
}

/* One of these bits, at least. */
static int add_mask(struct skep_filter_compiler *c, const struct skep_filter_member *m,
		    const char *operator, struct skep_filter_jumps * jumps)
{
	SKEP_SCOPED(skep_text_free) struct skep_text value = { 0 };
	struct skep_filter_range ranges[SKEP_FILTER_MOST_RANGES] = { 0 };
	struct skep_filter_test test = m->test;
	const char *at;
	bool is_quoted;
	int ret;

	if (m->test.op > SKEP_FILTER_BITS)
		return skep_filter_refuse(c, operator, EINVAL, "to join tests, write &&",
					  "'%.*s' has no bits that could be asked for",
					  (int)(m->len < 64 ? m->len : 64), m->at);
	skep_filter_skip(c);
	at = c->at;
	ret = skep_filter_take_value(c, false, &value, &is_quoted);
	if (!ret)
		ret = skep_filter_read_number(c, m, at, &value, is_quoted, ranges);
	if (ret < 0)
		return ret;
	if (ret != 1 || ranges[0].low != ranges[0].high || !(uint64_t)ranges[0].low)
		return skep_filter_refuse(c, at, EINVAL, "give a number that is not 0: 0x3",
					  "these are no bits");
	test.mask = (uint64_t)ranges[0].low;
	test.low = 1;
	test.span = UINT64_MAX - 1;
	return skep_filter_add_test(c, &test, at, jumps);
}

static int add_list(struct skep_filter_compiler *c, const struct skep_filter_member *m,
		    bool is_negated, struct skep_filter_jumps *jumps)
{
	enum skep_filter_order order = is_negated ? SKEP_FILTER_NE : SKEP_FILTER_EQ;
	const char *begin;
	int ret;

	if (!skep_filter_take(c, "("))
		return skep_filter_refuse(c, c->at, EINVAL, "write in (1, 2, 3)",
					  "'(' must be here");
	begin = c->at - 1;
	ret = add_value(c, m, order, jumps);
	while (!ret && skep_filter_take(c, ",")) {
		size_t begins = c->filter->tests.len;
		struct skep_filter_jumps more = { 0 };

		ret = add_value(c, m, order, &more);
		if (!ret && is_negated)
			skep_filter_join_and(c, jumps, more, begins);
		else if (!ret)
			skep_filter_join_or(c, jumps, more, begins);
	}
	if (ret || skep_filter_take(c, ")"))
		return ret;
	return skep_filter_refuse(c, *c->at ? c->at : begin, EINVAL, "write in (1, 2, 3)",
				  *c->at ? "',' or ')' must be here" : "the list has no end");
}

/* The values of an enum are known: a record is compared with those whose names match. */
static int add_names(struct skep_filter_compiler *c, const struct skep_filter_member *m,
		     bool is_negated, const struct skep_filter_test *pattern, const char *at,
		     struct skep_filter_jumps *jumps)
{
	const struct skep_enum *names = m->node.names;
	int ret = 0;

	*jumps = (struct skep_filter_jumps){ 0 };
	for (size_t i = 0; i < names->len && !ret; i++) {
		const struct skep_enum_value *v = &names->values[i];
		const struct skep_filter_range range = { v->value, v->value };

		if (skep_filter_test_text(pattern, v->name, v->len))
			ret = skep_filter_add_more(c, m, is_negated, &range, at, jumps);
	}
	if (!ret && !jumps->yes)
		return skep_filter_refuse(c, at, EINVAL, NULL, "no value of '%.*s' has such a name",
					  (int)(m->len < 64 ? m->len : 64), m->at);
	return ret;
}

static int add_pattern(struct skep_filter_compiler *c, const struct skep_filter_member *m,
		       const struct skep_filter_comparison *comparison,
		       struct skep_filter_jumps *jumps)
{
	SKEP_SCOPED(skep_text_free) struct skep_text pattern = { 0 };
	struct skep_filter_test test = m->test;
	bool is_enum = m->node.kind == SKEP_NODE_ENUM && !m->node.meaning;
	const char *at;
	bool is_quoted;
	int ret;

	if (!is_enum && m->test.op != SKEP_FILTER_TEXT)
		return skep_filter_refuse(c, comparison->at, EINVAL,
					  "compare it by == != < <= > >= or in (...)",
					  "patterns are for text, and '%.*s' is none",
					  (int)(m->len < 64 ? m->len : 64), m->at);
	skep_filter_skip(c);
	at = c->at;
	ret = skep_filter_take_value(c, true, &pattern, &is_quoted) ?:
		      skep_filter_compile_pattern(c, at, &pattern, &test);
	if (ret)
		return ret;
	test.is_negated = comparison->is_negated && !is_enum;
	return is_enum ? add_names(c, m, comparison->is_negated, &test, at, jumps) :
			 skep_filter_add_test(c, &test, at, jumps);
}

/* Neither zero nor empty. */
static int add_bare(struct skep_filter_compiler *c, const struct skep_filter_member *m,
		    struct skep_filter_jumps *jumps)
{
	const struct skep_filter_range zero = { 0, 0 };
	struct skep_filter_test test = m->test;

	if (is_number(m))
		return skep_filter_add_range(c, m, SKEP_FILTER_NE, &zero, m->at, jumps);
	test.order = SKEP_FILTER_NE;
	if (test.op == SKEP_FILTER_FLOAT)
		test.number = 0;
	else if (test.op == SKEP_FILTER_TEXT)
		test.text = "";
	else
		test.op = SKEP_FILTER_ANY;
	return skep_filter_add_test(c, &test, m->at, jumps);
}

/* What has no value itself. */
static int refuse_whole(const struct skep_filter_compiler *c, const struct skep_filter_member *m)
{
	bool is_array = m->node.kind == SKEP_NODE_ARRAY;

	return skep_filter_refuse(
		c, m->at, EINVAL,
		is_array ? "give an element's number: [0]" : "give one of its members behind a dot",
		"'%.*s' is %s, which has no value itself", (int)(m->len < 64 ? m->len : 64), m->at,
		is_array ? "an array" : "a struct");
}

int skep_filter_add_comparison(struct skep_filter_compiler *c, const struct skep_filter_member *m,
			       const struct skep_filter_comparison *comparison,
			       struct skep_filter_jumps *jumps)
{
	if (m->node.kind == SKEP_NODE_STRUCT ||
	    (m->node.kind == SKEP_NODE_ARRAY && comparison->kind != SKEP_FILTER_ALONE))
		return refuse_whole(c, m);
	switch (comparison->kind) {
	case SKEP_FILTER_ORDERED:
		return add_value(c, m, comparison->order, jumps);
	case SKEP_FILTER_MATCHED:
		return add_pattern(c, m, comparison, jumps);
	case SKEP_FILTER_MASKED:
		return add_mask(c, m, comparison->at, jumps);
	case SKEP_FILTER_LISTED:
		return add_list(c, m, comparison->is_negated, jumps);
	case SKEP_FILTER_ALONE:
		return add_bare(c, m, jumps);
	}
	return -EINVAL;
}
