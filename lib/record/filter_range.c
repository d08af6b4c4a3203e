// SPDX-License-Identifier: MIT
/* Comparisons of numbers: in which range they lie. */
#include "base/error.h"
#include "record/filter_compile.h"

static bool is_wide(const struct skep_filter_member *m)
{
	return m->test.op == SKEP_FILTER_128 || m->test.op == SKEP_FILTER_BE128;
}

/* In the order of the network there is no sign. */
static bool is_signed(const struct skep_filter_member *m)
{
	if (m->node.kind == SKEP_NODE_ENUM)
		return m->node.names->is_signed;
	return m->node.kind == SKEP_NODE_SIGNED && m->test.op != SKEP_FILTER_BE16 &&
	       m->test.op != SKEP_FILTER_BE32 && m->test.op != SKEP_FILTER_BE128;
}

/* The numbers that are in an @order with those of @range; false: none is. */
static bool find_span(const struct skep_filter_member *m, enum skep_filter_order order,
		      const struct skep_filter_range *range, skep_u128 *low, skep_u128 *high)
{
	skep_u128 most = is_wide(m) ? ~(skep_u128)0 : UINT64_MAX;
	skep_u128 min = is_signed(m) ? (most >> 1) + 1 : 0;
	skep_u128 max = is_signed(m) ? most >> 1 : most;

	*low = range->low;
	*high = range->high;
	switch (order) {
	case SKEP_FILTER_EQ:
	case SKEP_FILTER_NE:
		return true;
	case SKEP_FILTER_LT:
		*high = range->low - 1;
		*low = min;
		return range->low != min;
	case SKEP_FILTER_LE:
		*low = min;
		return true;
	case SKEP_FILTER_GT:
		*low = range->high + 1;
		*high = max;
		return range->high != max;
	case SKEP_FILTER_GE:
		*high = max;
		return true;
	}
	return false;
}

int skep_filter_add_range(struct skep_filter_compiler *c, const struct skep_filter_member *m,
			  enum skep_filter_order order, const struct skep_filter_range *range,
			  const char *at, struct skep_filter_jumps *jumps)
{
	struct skep_filter_test test = m->test;
	struct skep_filter_wide *wide;
	skep_u128 low, high;

	test.is_negated = order == SKEP_FILTER_NE;
	if (!find_span(m, order, range, &low, &high)) {
		test.op = SKEP_FILTER_NEVER;
	} else if (is_wide(m)) {
		wide = skep_arena_alloc(&c->filter->arena, 1, sizeof(*wide));
		if (!wide)
			return skep_error_nomem(c->err, SKEP_STAGE_USAGE);
		*wide = (struct skep_filter_wide){ low, high - low };
		test.wide = wide;
	} else {
		test.low = (uint64_t)low;
		test.span = (uint64_t)(high - low);
		test.mask = UINT64_MAX;
	}
	return skep_filter_add_test(c, &test, at, jumps);
}

int skep_filter_add_more(struct skep_filter_compiler *c, const struct skep_filter_member *m,
			 bool is_negated, const struct skep_filter_range *range, const char *at,
			 struct skep_filter_jumps *jumps)
{
	enum skep_filter_order order = is_negated ? SKEP_FILTER_NE : SKEP_FILTER_EQ;
	size_t begins = c->filter->tests.len;
	struct skep_filter_jumps more = { 0 };
	int ret = skep_filter_add_range(c, m, order, range, at, &more);

	if (ret)
		return ret;
	if (!jumps->yes)
		*jumps = more;
	else if (is_negated)
		skep_filter_join_and(c, jumps, more, begins);
	else
		skep_filter_join_or(c, jumps, more, begins);
	return 0;
}
