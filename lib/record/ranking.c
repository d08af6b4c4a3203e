// SPDX-License-Identifier: MIT
/* The first of many records: a heap whose top is the last one that is kept. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <skep/tally.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/vec.h"

struct kept {
	uint64_t number; /* of those that came */
	size_t len, room;
	void *data;
};

struct skep_ranking {
	struct skep_ordering *order;
	struct skep_vec(struct kept) kept;
	size_t most;
	uint64_t n;
	bool is_sorted; /* and no heap */
};

SKEP_DEFINE_SCOPED(ranking, struct skep_ranking, skep_ranking_free)

struct skep_ranking *skep_ranking_new(const struct skep_schema *schema, const char *columns,
				      size_t most, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_ranking) struct skep_ranking *r = calloc(1, sizeof(*r));

	if (!r) {
		skep_error_nomem(err, SKEP_STAGE_USAGE);
		return NULL;
	}
	r->most = most;
	if (!most) {
		skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "a ranking of no records is none");
		return NULL;
	}
	r->order = skep_ordering_new(schema, columns, err);
	return r->order ? SKEP_TAKE(r) : NULL;
}

void skep_ranking_free(struct skep_ranking *r)
{
	if (!r)
		return;
	skep_vec_for_each(&r->kept, k)
		free(k->data);
	skep_vec_free(&r->kept);
	skep_ordering_free(r->order);
	free(r);
}

static int compare(const void *a, const void *b, void *ranking)
{
	const struct kept *x = a, *y = b;
	struct skep_ranking *r = ranking;
	int difference = skep_ordering_compare(r->order, x->data, x->len, y->data, y->len);

	return difference ?: (x->number > y->number) - (x->number < y->number);
}

static void swap(struct kept *a, struct kept *b)
{
	struct kept c = *a;

	*a = *b;
	*b = c;
}

static void sink_down(struct skep_ranking *r, size_t i)
{
	struct kept *k = r->kept.items;

	for (;;) {
		size_t last = i, child = i * 2 + 1;

		for (size_t end = child + 2; child < end && child < r->kept.len; child++)
			if (compare(&k[child], &k[last], r) > 0)
				last = child;
		if (last == i)
			return;
		swap(&k[i], &k[last]);
		i = last;
	}
}

static void rise(struct skep_ranking *r, size_t i)
{
	struct kept *k = r->kept.items;

	for (; i && compare(&k[i], &k[(i - 1) / 2], r) > 0; i = (i - 1) / 2)
		swap(&k[i], &k[(i - 1) / 2]);
}

static void make_heap(struct skep_ranking *r)
{
	for (size_t i = r->is_sorted ? r->kept.len / 2 : 0; i--;)
		sink_down(r, i);
	r->is_sorted = false;
}

/* The memory of the record that it takes the place of is kept as long as it is enough. */
static int keep(struct kept *k, const void *data, size_t len, uint64_t number)
{
	if (len > k->room || !k->data) {
		void *more = realloc(k->data, len ? len : 1);

		if (!more)
			return -ENOMEM;
		k->data = more;
		k->room = len;
	}
	if (len)
		memcpy(k->data, data, len);
	k->len = len;
	k->number = number;
	return 0;
}

int skep_ranking_add(struct skep_ranking *r, const void *data, size_t len)
{
	struct kept *slot;
	int ret;

	if (!r || (!data && len))
		return -EINVAL;
	make_heap(r);
	r->n++;
	if (r->kept.len < r->most) {
		slot = skep_vec_push(&r->kept);
		if (!slot)
			return -ENOMEM;
		if (keep(slot, data, len, r->n)) {
			r->kept.len--;
			return -ENOMEM;
		}
		rise(r, r->kept.len - 1);
		return 0;
	}
	/* One that is equal to the last came after it. */
	slot = &r->kept.items[0];
	if (skep_ordering_compare(r->order, data, len, slot->data, slot->len) >= 0)
		return 0;
	ret = keep(slot, data, len, r->n);
	if (!ret)
		sink_down(r, 0);
	return ret;
}

size_t skep_ranking_sort(struct skep_ranking *r)
{
	if (!r)
		return 0;
	if (r->kept.len)
		qsort_r(r->kept.items, r->kept.len, sizeof(*r->kept.items), compare, r);
	r->is_sorted = true;
	return r->kept.len;
}

const void *skep_ranking_record(const struct skep_ranking *r, size_t i, size_t *len)
{
	if (!r || !len || i >= r->kept.len)
		return NULL;
	*len = r->kept.items[i].len;
	return r->kept.items[i].data;
}

uint64_t skep_ranking_left_out(const struct skep_ranking *r)
{
	return r ? r->n - r->kept.len : 0;
}

void skep_ranking_clear(struct skep_ranking *r)
{
	if (!r)
		return;
	skep_vec_for_each(&r->kept, k)
		free(k->data);
	r->kept.len = 0;
	r->n = 0;
	r->is_sorted = false;
}
