// SPDX-License-Identifier: MIT
#include "btf/partition.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A type to be looked at, and a digest of the sets that it refers to now. */
struct candidate {
	uint32_t id, set, digest;
	uint32_t group; /* the same for those that refer to the same */
};

static uint64_t key_of(const struct candidate *c)
{
	return (uint64_t)c->set << 32 | c->digest;
}

struct partition {
	const struct skep_btf_graph *graph;
	uint32_t *set;		 /* by id */
	uint32_t *order, *place; /* ids, each set's together; where an id stands there */
	uint32_t *start, *len;	 /* by set */
	uint32_t n_sets;
	struct candidate *candidates; /* by set, then by what they refer to */
	uint32_t n_candidates;
	uint32_t *moved, n_moved; /* ids whose set has changed in this round */
	bool *is_candidate;
};

static uint32_t digest(const struct partition *p, uint32_t id)
{
	uint64_t hash = 0;

	for (uint32_t i = p->graph->first[id]; i < p->graph->first[id + 1]; i++)
		hash = skep_btf_mix(hash, p->set[p->graph->to[i]]);
	return (uint32_t)(hash ^ hash >> 32);
}

/* Members of one set have as many references each. */
static int compare_references(const struct partition *p, uint32_t a, uint32_t b)
{
	const uint32_t *x = p->graph->to + p->graph->first[a];
	const uint32_t *y = p->graph->to + p->graph->first[b];

	for (uint32_t i = 0; i < skep_btf_graph_n(p->graph, a); i++)
		if (p->set[x[i]] != p->set[y[i]])
			return p->set[x[i]] < p->set[y[i]] ? -1 : 1;
	return 0;
}

static int by_key(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (key_of(x) != key_of(y))
		return key_of(x) < key_of(y) ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

/* Where digests are the same and what is referred to is not. */
static int by_references(const void *a, const void *b, void *ctx)
{
	const struct candidate *x = a, *y = b;
	int order = compare_references(ctx, x->id, y->id);

	return order ? order : x->id < y->id ? -1 : x->id > y->id;
}

/* Takes an id to the end of its set, which becomes one shorter. */
static void cut_off(struct partition *p, uint32_t id)
{
	uint32_t set = p->set[id], last = p->start[set] + --p->len[set];
	uint32_t other = p->order[last];

	p->order[p->place[id]] = other;
	p->place[other] = p->place[id];
	p->order[last] = id;
	p->place[id] = last;
}

/* Of the candidates from @from to @to a set of their own. */
static void split_off(struct partition *p, const struct candidate *from, const struct candidate *to)
{
	uint32_t set = p->n_sets++;

	for (const struct candidate *c = from; c < to; c++)
		cut_off(p, c->id);
	p->start[set] = p->start[from->set] + p->len[from->set];
	p->len[set] = (uint32_t)(to - from);
	for (const struct candidate *c = from; c < to; c++) {
		p->set[c->id] = set;
		p->moved[p->n_moved++] = c->id;
	}
}

/* The members that are no candidates, which stand alone in the old set, change names with @set. */
static void swap_names(struct partition *p, uint32_t old, uint32_t set)
{
	uint32_t start = p->start[old], len = p->len[old];

	p->start[old] = p->start[set];
	p->len[old] = p->len[set];
	p->start[set] = start;
	p->len[set] = len;
	p->n_moved -= p->len[old]; /* the last that were moved are back again */
	for (uint32_t i = 0; i < p->len[old]; i++)
		p->set[p->order[p->start[old] + i]] = old;
	for (uint32_t i = 0; i < len; i++) {
		p->set[p->order[start + i]] = set;
		p->moved[p->n_moved++] = p->order[start + i];
	}
}

/* Numbers the groups of candidates of one set and digest, which nearly always are one. */
static uint32_t group_run(struct partition *p, struct candidate *from, struct candidate *to,
			  uint32_t group)
{
	bool is_one = true;

	for (struct candidate *c = from + 1; c < to && is_one; c++)
		is_one = !compare_references(p, c->id, from->id);
	if (!is_one)
		qsort_r(from, (size_t)(to - from), sizeof(*from), by_references, p);
	for (struct candidate *c = from; c < to; c++) {
		if (!is_one && c > from)
			group += compare_references(p, c->id, c[-1].id) != 0;
		c->group = group;
	}
	return group + 1;
}

/* Sorted, and told apart before anything is split: splitting changes what they refer to. */
static void group(struct partition *p)
{
	struct candidate *c = p->candidates, *end = c + p->n_candidates, *to;
	uint32_t number = 0;

	qsort(c, p->n_candidates, sizeof(*c), by_key);
	for (; c < end; c = to) {
		for (to = c + 1; to < end && key_of(to) == key_of(c); to++)
			;
		number = group_run(p, c, to, number);
	}
}

static const struct candidate *group_end(const struct candidate *from, const struct candidate *to)
{
	const struct candidate *c = from + 1;

	while (c < to && c->group == from->group)
		c++;
	return c;
}

/*
 * The candidates of one set. Those that refer to the same stay together; members that were not
 * touched refer to what they did before, which none of the candidates does any more, since a set's
 * name is never used again. The largest part keeps the set's name.
 */
static void split_set(struct partition *p, const struct candidate *from, const struct candidate *to)
{
	const struct candidate *largest = from, *largest_end = from, *end;
	uint32_t set = from->set, untouched = p->len[set] - (uint32_t)(to - from);

	for (const struct candidate *c = from; c < to; c = end) {
		end = group_end(c, to);
		if (end - c > largest_end - largest) {
			largest = c;
			largest_end = end;
		}
	}
	if (largest == from && largest_end == to && !untouched)
		return;
	for (const struct candidate *c = from; c < to; c = end) {
		end = group_end(c, to);
		if (c != largest)
			split_off(p, c, end);
	}
	if (!untouched)
		return;
	split_off(p, largest, largest_end);
	if (largest_end - largest > untouched)
		swap_names(p, set, p->n_sets - 1);
}

static void split_all(struct partition *p)
{
	const struct candidate *end = p->candidates + p->n_candidates, *to;

	for (uint32_t i = 0; i < p->n_candidates; i++)
		p->candidates[i].digest = digest(p, p->candidates[i].id);
	group(p);
	p->n_moved = 0;
	for (const struct candidate *from = p->candidates; from < end; from = to) {
		for (to = from + 1; to < end && to->set == from->set; to++)
			;
		split_set(p, from, to);
	}
}

static void add_candidate(struct partition *p, uint32_t id)
{
	/* What is alone in its set cannot be told from itself. */
	if (p->is_candidate[id] || p->len[p->set[id]] < 2)
		return;
	p->is_candidate[id] = true;
	p->candidates[p->n_candidates++] = (struct candidate){ .id = id, .set = p->set[id] };
}

static void refer_to_moved(struct partition *p)
{
	const struct skep_btf_graph *g = p->graph;

	for (uint32_t i = 0; i < p->n_candidates; i++)
		p->is_candidate[p->candidates[i].id] = false;
	p->n_candidates = 0;
	for (uint32_t i = 0; i < p->n_moved; i++)
		for (uint32_t j = g->first_parent[p->moved[i]];
		     j < g->first_parent[p->moved[i] + 1]; j++)
			add_candidate(p, g->parents[j]);
}

static void arrange(struct partition *p)
{
	uint32_t sum = 0;

	for (uint32_t id = 0; id < p->graph->n; id++)
		p->len[p->set[id]]++;
	for (uint32_t set = 0; set < p->n_sets; set++) {
		p->start[set] = sum;
		sum += p->len[set];
		p->len[set] = 0;
	}
	for (uint32_t id = 0; id < p->graph->n; id++) {
		p->place[id] = p->start[p->set[id]] + p->len[p->set[id]]++;
		p->order[p->place[id]] = id;
	}
}

/* The members of sets that do not all refer to the same. */
static void add_unstable(struct partition *p)
{
	for (uint32_t set = 0; set < p->n_sets; set++) {
		const uint32_t *members = p->order + p->start[set];
		bool is_stable = true;

		for (uint32_t i = 1; i < p->len[set] && is_stable; i++)
			is_stable = !compare_references(p, members[i], members[0]);
		for (uint32_t i = 0; i < p->len[set] && !is_stable; i++)
			add_candidate(p, members[i]);
	}
}

int skep_btf_partition(const struct skep_btf_graph *graph, uint32_t *set, uint32_t n_sets)
{
	uint32_t n = graph->n;
	struct partition p = { .graph = graph, .n_sets = n_sets };
	uint32_t *words = calloc(5ul * n + 5, sizeof(*words));
	int ret = -ENOMEM;

	p.set = set;
	p.candidates = calloc(n + 1ul, sizeof(*p.candidates));
	p.is_candidate = calloc(n + 1ul, 1);
	if (words && p.candidates && p.is_candidate) {
		p.order = words;
		p.place = words + n;
		p.start = words + 2ul * n;
		p.len = words + 3ul * n;
		p.moved = words + 4ul * n;
		ret = skep_btf_split_by_hash(graph, set, &p.n_sets);
	}
	if (!ret) {
		arrange(&p);
		add_unstable(&p);
		while (p.n_candidates) {
			split_all(&p);
			refer_to_moved(&p);
		}
	}
	free(words);
	free(p.candidates);
	free(p.is_candidate);
	return ret;
}
