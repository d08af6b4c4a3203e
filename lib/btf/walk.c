// SPDX-License-Identifier: MIT
/*
 * The walk over all types. Where a type begins is known only when the one before it was read, and
 * its name is anywhere in megabytes of strings: a single walker mostly waits. So several start at
 * once, each in a part of its own, at a place where types seem to follow each other. Whether that
 * was right shows at the end: each must arrive where the next one started. If one does not, all
 * that was found is dropped, and a single walker decides.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/vec.h"
#include "btf/btf.h"

/* Every type of a small BTF has its offset noted, every sixteenth of a large one. */
#define DENSE_UP_TO  (1u << 20)
#define SPARSE_SHIFT 4

struct match {
	struct skep_btf_ids *ids;
	uint32_t n;
};

struct walker {
	uint32_t at;			    /* the next type */
	uint32_t last;			    /* where the part's last one may begin */
	uint32_t n;			    /* types seen, once it has stopped */
	uint32_t slot;			    /* of its first type in the index */
	uint32_t names[1u << SPARSE_SHIFT]; /* of the types of a round, or the one before */
	struct skep_vec(struct match) matches;
};

/* What a step needs and does not change. */
struct ground {
	const uint8_t *types;
	const char *strings; /* where those of the base would begin */
	uint32_t first_string;
	int64_t last_string; /* up to here, from the first, there are four bytes */
	const bool *filter;
	uint32_t key_mask;
};

/*
 * All take a round of as many types as a slot of the index stands for. The name of each is fetched
 * when the type is seen, and looked at when the type in the same place of the next round is.
 */
struct walk {
	const struct skep_btf *btf;
	const struct skep_btf_wanted *wanted;
	struct ground ground;
	struct walker walkers[SKEP_BTF_PARTS];
	uint32_t n_walkers;
	uint32_t *offsets;
	uint32_t shift; /* a round has 2^shift types */
	uint32_t round;
	bool failed; /* no memory */
};

static const struct btf_type *type_at(const struct skep_btf *btf, uint32_t at)
{
	return (const void *)(btf->types + at);
}

/* A name that passed the filter, of the i-th type of the round before. */
static __attribute__((noinline)) void look_closely(struct walk *walk, struct walker *w, uint32_t i,
						   const char *name)
{
	struct skep_btf_ids *ids = skep_btf_wants(walk->wanted, name);
	struct match *match = ids ? skep_vec_push(&w->matches) : NULL;

	if (match)
		*match = (struct match){ ids, ((walk->round - 1) << walk->shift) + i };
	else if (ids)
		walk->failed = true;
}

/* A name of the base's, or one with less than four bytes behind it; false: it is outside. */
static __attribute__((noinline)) bool look_apart(struct walk *walk, struct walker *w, uint32_t i)
{
	const char *s = skep_btf_string(walk->btf, w->names[i]);
	uint32_t first = 0;

	if (!s)
		return false;
	memcpy(&first, s, strnlen(s, sizeof(first)));
	if (walk->ground.filter[skep_btf_key(first, walk->ground.key_mask)])
		look_closely(walk, w, i, s);
	return true;
}

static inline bool look(const struct ground *g, struct walk *walk, struct walker *w, uint32_t i)
{
	uint32_t name = w->names[i], first;

	if (__builtin_expect((uint32_t)(name - g->first_string) > g->last_string, 0))
		return look_apart(walk, w, i);
	memcpy(&first, g->strings + name, sizeof(first));
	if (__builtin_expect(g->filter[skep_btf_key(first, g->key_mask)], 0))
		look_closely(walk, w, i, g->strings + name);
	return true;
}

/* The i-th type of the round is the part's last, or none. Always false. */
static __attribute__((noinline)) bool stop(const struct walk *walk, struct walker *w, uint32_t i,
					   uint32_t len)
{
	w->n = (walk->round << walk->shift) + i;
	if (len && len <= w->last - w->at + SKEP_BTF_LEAST_LEN) {
		w->at += len;
		w->n++;
	}
	return false;
}

/* One type, the i-th of the round; false at the end of the part, or at what is damaged. */
static inline bool step(const struct ground *g, struct walk *walk, struct walker *w, uint32_t i)
{
	const struct btf_type *t = (const void *)(g->types + w->at);
	struct skep_btf_lens lens = skep_btf_lens[BTF_INFO_KIND(t->info)];
	uint32_t len = lens.fixed + BTF_INFO_VLEN(t->info) * lens.member;

	if (!look(g, walk, w, i))
		return false;
	w->names[i] = t->name_off;
	__builtin_prefetch(g->strings + t->name_off);
	if (__builtin_expect(len - 1 >= w->last - w->at, 0))
		return stop(walk, w, i, len);
	w->at += len;
	return true;
}

/* Returns how many of @n go on. */
static uint32_t run_round(struct walk *walk, struct walker **active, uint32_t n)
{
	const struct ground g = walk->ground;
	const uint32_t size = 1u << walk->shift;

	for (uint32_t k = 0; k < n; k++)
		walk->offsets[active[k]->slot + walk->round] = active[k]->at;
	for (uint32_t i = 0; i < size && n; i++) {
		for (uint32_t k = 0; k < n;) {
			if (step(&g, walk, active[k], i))
				k++;
			else
				active[k] = active[--n];
		}
	}
	return n;
}

static void run(struct walk *walk)
{
	struct walker *active[SKEP_BTF_PARTS];
	uint32_t n = 0;

	if (walk->btf->types_len >= SKEP_BTF_LEAST_LEN)
		for (; n < walk->n_walkers; n++)
			active[n] = &walk->walkers[n];
	for (walk->round = 0; n; walk->round++)
		n = run_round(walk, active, n);
}

/* The names that no further round has pushed out. */
static bool look_at_rest(struct walk *walk, struct walker *w)
{
	uint32_t size = 1u << walk->shift;

	for (uint32_t n = w->n - size; n != w->n; n++) {
		walk->round = (n >> walk->shift) + 1;
		if (!look(&walk->ground, walk, w, n % size))
			return false;
	}
	return true;
}

static bool all_arrived(struct walk *walk)
{
	for (uint32_t i = 0; i < walk->n_walkers; i++) {
		struct walker *w = &walk->walkers[i];

		if (w->at != w->last + SKEP_BTF_LEAST_LEN || !look_at_rest(walk, w))
			return false;
	}
	return true;
}

/* A part takes the slots that its types could, and one begun. */
static size_t most_slots(uint32_t len, uint32_t n_parts, uint32_t shift)
{
	return (len / SKEP_BTF_LEAST_LEN >> shift) + (size_t)n_parts;
}

static struct walker *add_walker(struct walk *walk, uint32_t start)
{
	struct walker *w = &walk->walkers[walk->n_walkers];

	*w = (struct walker){ .at = start };
	w->slot = (uint32_t)most_slots(start, walk->n_walkers++, walk->shift);
	return w;
}

static void place_walkers(struct walk *walk, uint32_t n_parts)
{
	uint32_t len = walk->btf->types_len;
	struct walker *w = add_walker(walk, 0);

	for (uint32_t i = 1; i < n_parts; i++) {
		uint32_t start =
			skep_btf_find_start(walk->btf, (uint32_t)((uint64_t)len * i / n_parts));

		if (start < w->at + SKEP_BTF_LEAST_LEN)
			continue;
		w->last = start - SKEP_BTF_LEAST_LEN;
		w = add_walker(walk, start);
	}
	w->last = len - SKEP_BTF_LEAST_LEN;
}

/* What the walkers have noted, one after the other. */
static void join(struct walk *walk, struct skep_btf_index *index)
{
	uint32_t used = 0, *fitted;

	*index = (struct skep_btf_index){ .offsets = walk->offsets,
					  .shift = walk->shift,
					  .n_parts = walk->n_walkers };
	for (uint32_t i = 0; i < walk->n_walkers; i++) {
		struct walker *w = &walk->walkers[i];
		uint32_t slots = (w->n + (1u << index->shift) - 1) >> index->shift;

		index->parts[i] = (struct skep_btf_part){ .first = index->n, .slot = used };
		skep_vec_for_each(&w->matches, match)
			if (!skep_btf_add_id(match->ids, walk->btf->first_id + index->n + match->n))
				walk->failed = true;
		memmove(index->offsets + used, index->offsets + w->slot,
			slots * sizeof(*index->offsets));
		used += slots;
		index->n += w->n;
	}
	index->parts[index->n_parts].first = UINT32_MAX;
	fitted = realloc(index->offsets, (used + 1) * sizeof(*fitted));
	index->offsets = fitted ? fitted : index->offsets;
}

/* What the single walker did not like. */
static int damaged(const struct skep_btf *btf, struct skep_error *err)
{
	uint32_t at = 0, id = btf->first_id, len;

	while ((len = skep_btf_type_len(type_at(btf, at), btf->types_len - at)) &&
	       skep_btf_string(btf, type_at(btf, at)->name_off)) {
		at += len;
		id++;
	}
	skep_error_set(err, SKEP_STAGE_READ, EINVAL,
		       "the BTF is damaged: type %u, %u bytes into the types, %s", id, at,
		       len ? "has a name outside the strings" : "is cut off or of an unknown kind");
	skep_error_add_object(err, "%s", btf->label);
	return -EINVAL;
}

static int walk_parts(struct walk *walk, uint32_t n_parts, struct skep_btf_index *index,
		      struct skep_error *err)
{
	int ret = 0;

	walk->n_walkers = 0;
	place_walkers(walk, n_parts);
	run(walk);
	if (all_arrived(walk))
		join(walk, index);
	else
		ret = walk->n_walkers > 1 ? -EAGAIN : damaged(walk->btf, err);
	for (uint32_t i = 0; i < walk->n_walkers; i++)
		skep_vec_free(&walk->walkers[i].matches);
	return ret;
}

int skep_btf_walk(const struct skep_btf *btf, const struct skep_btf_wanted *w, uint32_t n_parts,
		  struct skep_btf_index *index, struct skep_error *err)
{
	const bool none = false;
	uint32_t shift = btf->types_len > DENSE_UP_TO ? SPARSE_SHIFT : 0;
	uint32_t *offsets = malloc(most_slots(btf->types_len, n_parts, shift) * sizeof(*offsets));
	struct walk walk = { .btf = btf, .wanted = w, .offsets = offsets, .shift = shift };
	int ret;

	if (!offsets)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	walk.ground = (struct ground){ .types = btf->types,
				       .strings = btf->strings - btf->first_string,
				       .first_string = btf->first_string,
				       .last_string = (int64_t)btf->strings_len - 4,
				       .filter = w ? w->filter : &none,
				       .key_mask = w ? w->key_mask : 0 };
	ret = walk_parts(&walk, n_parts, index, err);
	if (ret == -EAGAIN)
		ret = walk_parts(&walk, 1, index, err);
	if (ret) {
		free(offsets);
		return ret;
	}
	if (walk.failed)
		free(index->offsets);
	return walk.failed ? skep_error_nomem(err, SKEP_STAGE_READ) : 0;
}
