// SPDX-License-Identifier: MIT
/* Groups in their order. */
#include <stdlib.h>
#include <string.h>

#include "record/tally.h"

static int compare_reals(double a, double b)
{
	return (a > b) - (a < b);
}

static int compare_averages(const struct skep_tally_sums *a, const struct skep_tally_sums *b)
{
	return compare_reals((double)a->whole.sum / (double)a->n,
			     (double)b->whole.sum / (double)b->n);
}

static int compare_wholes(__int128 a, __int128 b)
{
	return (a > b) - (a < b);
}

static int compare_doubles(enum skep_tally_kind kind, const struct skep_tally_sums *a,
			   const struct skep_tally_sums *b)
{
	switch (kind) {
	case SKEP_TALLY_SUM:
		return compare_reals(a->real.sum, b->real.sum);
	case SKEP_TALLY_AVG:
		return compare_reals(a->real.sum / (double)a->n, b->real.sum / (double)b->n);
	case SKEP_TALLY_MIN:
		return compare_reals(a->real.min, b->real.min);
	default:
		return compare_reals(a->real.max, b->real.max);
	}
}

/* What no record of a group had comes first. */
static int compare_sums(enum skep_tally_kind kind, const struct skep_tally_sums *a,
			const struct skep_tally_sums *b)
{
	if (!a->n || !b->n)
		return (a->n > 0) - (b->n > 0);
	if (a->is_double)
		return compare_doubles(kind, a, b);
	switch (kind) {
	case SKEP_TALLY_SUM:
		return compare_wholes(a->whole.sum, b->whole.sum);
	case SKEP_TALLY_AVG:
		return compare_averages(a, b);
	case SKEP_TALLY_MIN:
		return compare_wholes(a->whole.min, b->whole.min);
	default:
		return compare_wholes(a->whole.max, b->whole.max);
	}
}

static int compare_key(struct skep_tally *t, const struct skep_tally_cell *key,
		       const struct skep_tally_group *a, const struct skep_tally_group *b)
{
	if (key->kind == SKEP_TALLY_COUNT)
		return (a->n > b->n) - (a->n < b->n);
	if (key->kind == SKEP_TALLY_COLUMN)
		return skep_column_compare(t->schema, key->column, a->record, a->len, b->record,
					   b->len, &t->scratch);
	return compare_sums(key->kind, &a->sums[key->sums], &b->sums[key->sums]);
}

/* Groups that are equal stand in the order of what they are of, so that lines do not jump about. */
static int compare(const void *a, const void *b, void *tally)
{
	struct skep_tally *t = tally;
	const uint32_t *x = a, *y = b;
	const struct skep_tally_group *g = &t->groups.items[*x], *h = &t->groups.items[*y];

	skep_vec_for_each(&t->keys, key) {
		int difference = compare_key(t, key, g, h);

		if (difference)
			return key->is_descending ? -difference : difference;
	}
	for (size_t i = 0; i < t->n_by; i++) {
		int difference = compare_key(t, &t->cells.items[i], g, h);

		if (difference)
			return difference;
	}
	return (*x > *y) - (*x < *y);
}

bool skep_tally_sort(struct skep_tally *t)
{
	t->order.len = 0;
	if (skep_vec_reserve(&t->order, t->groups.len))
		return false;
	for (size_t i = 0; i < t->groups.len; i++)
		t->order.items[t->order.len++] = (uint32_t)i;
	if (t->order.len)
		qsort_r(t->order.items, t->order.len, sizeof(*t->order.items), compare, t);
	return true;
}
