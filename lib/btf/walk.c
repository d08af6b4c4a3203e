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

#define LEAST_LEN ((uint32_t)sizeof(struct btf_type))
#define BEHIND                                                                             \
	16 /* types, from the one whose name is fetched to the one whose name is looked at \
	    */

struct match {
	struct skep_btf_ids *ids;
	uint32_t n;
};

/*
 * Types are numbered so that a number, shifted, is a slot of the index: each type writes the slot
 * behind it, of which the last writer is the type that the slot is for.
 */
struct walker {
	uint32_t at;		/* the next type */
	uint32_t last;		/* where the part's last one may begin */
	uint32_t n;		/* the next type's number */
	uint32_t first;		/* the first type's number */
	uint32_t names[BEHIND]; /* of the last types, by their numbers */
	struct skep_vec(struct match) matches;
};

/* What a step needs and does not change. */
struct ground {
	const uint8_t *types;
	const char *strings; /* where those of the base would begin */
	uint32_t first_string;
	int64_t last_string; /* up to here, from the first, there are four bytes */
	uint32_t *offsets;
	uint32_t shift;
	const bool *filter;
	uint32_t key_mask;
};

struct walk {
	const struct skep_btf *btf;
	const struct skep_btf_wanted *wanted;
	struct ground ground;
	struct walker walkers[SKEP_BTF_PARTS];
	uint32_t n_walkers;
	bool failed; /* no memory */
};

static const struct btf_type *type_at(const struct skep_btf *btf, uint32_t at)
{
	return (const void *)(btf->types + at);
}

/* A name that passed the filter. */
static __attribute__((noinline)) void look_closely(struct walk *walk, struct walker *w, uint32_t n,
						   const char *name)
{
	struct skep_btf_ids *ids = skep_btf_wants(walk->wanted, name);
	struct match *match = ids ? skep_vec_push(&w->matches) : NULL;

	if (match)
		*match = (struct match){ ids, n - w->first };
	else if (ids)
		walk->failed = true;
}

/* A name of the base's, or one with less than four bytes behind it; false: it is outside. */
static __attribute__((noinline)) bool look_apart(struct walk *walk, struct walker *w, uint32_t n,
						 uint32_t name)
{
	const char *s = skep_btf_string(walk->btf, name);
	uint32_t first = 0;

	if (!s)
		return false;
	memcpy(&first, s, strnlen(s, sizeof(first)));
	if (walk->ground.filter[skep_btf_key(first, walk->ground.key_mask)])
		look_closely(walk, w, n, s);
	return true;
}

static inline bool look(const struct ground *g, struct walk *walk, struct walker *w, uint32_t n,
			uint32_t name)
{
	uint32_t first;

	if (__builtin_expect((uint32_t)(name - g->first_string) > g->last_string, 0))
		return look_apart(walk, w, n, name);
	memcpy(&first, g->strings + name, sizeof(first));
	if (__builtin_expect(g->filter[skep_btf_key(first, g->key_mask)], 0))
		look_closely(walk, w, n, g->strings + name);
	return true;
}

/* Takes the type if it is the part's last. Always false. */
static __attribute__((noinline)) bool stop(struct walker *w, uint32_t len)
{
	if (len && len <= w->last - w->at + LEAST_LEN) {
		w->at += len;
		w->n++;
	}
	return false;
}

/* One type; false at the end of the part, or at what is damaged. */
static inline bool step(const struct ground *g, struct walk *walk, struct walker *w)
{
	const struct btf_type *t = (const void *)(g->types + w->at);
	struct skep_btf_lens lens = skep_btf_lens[BTF_INFO_KIND(t->info)];
	uint32_t len = lens.fixed + BTF_INFO_VLEN(t->info) * lens.member, at = w->at, n = w->n;
	uint32_t *name = &w->names[n % BEHIND];

	if (!look(g, walk, w, n - BEHIND, *name))
		return false;
	*name = t->name_off;
	__builtin_prefetch(g->strings + *name);
	g->offsets[n >> g->shift] = at;
	if (__builtin_expect(len - 1 >= w->last - at, 0))
		return stop(w, len);
	w->at = at + len;
	w->n = n + 1;
	return true;
}

static void run(struct walk *walk)
{
	const struct ground g = walk->ground;
	struct walker *active[SKEP_BTF_PARTS];
	uint32_t n = 0;

	if (walk->btf->types_len >= LEAST_LEN)
		for (; n < walk->n_walkers; n++)
			active[n] = &walk->walkers[n];
	while (n) {
		for (uint32_t i = 0; i < n;) {
			if (step(&g, walk, active[i]))
				i++;
			else
				active[i] = active[--n];
		}
	}
}

/* The names that no further type has pushed out. */
static bool look_at_rest(struct walk *walk, struct walker *w)
{
	for (uint32_t n = w->n - BEHIND; n != w->n; n++)
		if (!look(&walk->ground, walk, w, n, w->names[n % BEHIND]))
			return false;
	return true;
}

static bool all_arrived(struct walk *walk)
{
	for (uint32_t i = 0; i < walk->n_walkers; i++) {
		struct walker *w = &walk->walkers[i];

		if (w->at != w->last + LEAST_LEN || !look_at_rest(walk, w))
			return false;
	}
	return true;
}

/* So many types that follow each other are taken for real, after so many places tried. */
#define CHAIN 32
#define TRIES 4096

#define INFO_RESERVED 0x60ff0000u

/* The place behind a chain of types that begins here; 0 if there is none. */
static uint32_t behind_chain(const struct skep_btf *btf, uint32_t at)
{
	for (int i = 0; i < CHAIN; i++) {
		uint32_t len = skep_btf_type_len(type_at(btf, at), btf->types_len - at);

		if (!len || type_at(btf, at)->info & INFO_RESERVED ||
		    !skep_btf_string(btf, type_at(btf, at)->name_off))
			return 0;
		at += len;
	}
	return at;
}

/* A place that has a type before the end; 0 if none was found. */
static uint32_t find_start(const struct skep_btf *btf, uint32_t from)
{
	uint32_t start = 0;

	from &= ~3u;
	for (int i = 0; i < TRIES && !start && from < btf->types_len; i++, from += 4)
		start = behind_chain(btf, from);
	return btf->types_len - start >= LEAST_LEN ? start : 0;
}

/* A part takes the slots that its types could, a slot begun, and one more that is written. */
static size_t most_slots(uint32_t len, uint32_t n_parts, uint32_t shift)
{
	return (len / LEAST_LEN >> shift) + 2 * (size_t)n_parts;
}

static struct walker *add_walker(struct walk *walk, uint32_t start)
{
	struct walker *w = &walk->walkers[walk->n_walkers];
	uint32_t shift = walk->ground.shift;
	uint32_t slot = (uint32_t)most_slots(start, walk->n_walkers++, shift);

	*w = (struct walker){ .at = start };
	w->n = w->first = ((slot + 1) << shift) - 1;
	return w;
}

static void place_walkers(struct walk *walk, uint32_t n_parts)
{
	uint32_t len = walk->btf->types_len;
	struct walker *w = add_walker(walk, 0);

	for (uint32_t i = 1; i < n_parts; i++) {
		uint32_t start = find_start(walk->btf, (uint32_t)((uint64_t)len * i / n_parts));

		if (start < w->at + LEAST_LEN)
			continue;
		w->last = start - LEAST_LEN;
		w = add_walker(walk, start);
	}
	w->last = len - LEAST_LEN;
}

/* What the walkers have noted, one after the other. */
static void join(struct walk *walk, struct skep_btf_index *index)
{
	uint32_t used = 0, *fitted;

	*index = (struct skep_btf_index){ .offsets = walk->ground.offsets,
					  .shift = walk->ground.shift,
					  .n_parts = walk->n_walkers };
	for (uint32_t i = 0; i < walk->n_walkers; i++) {
		struct walker *w = &walk->walkers[i];
		uint32_t slot = w->first >> index->shift, end = (w->n - 1) >> index->shift;

		index->parts[i] = (struct skep_btf_part){ .first = index->n, .slot = used };
		skep_vec_for_each(&w->matches, match)
			if (!skep_btf_add_id(match->ids, walk->btf->first_id + index->n + match->n))
				walk->failed = true;
		memmove(index->offsets + used, index->offsets + slot,
			(end + 1 - slot) * sizeof(*index->offsets));
		used += end + 1 - slot;
		index->n += w->n - w->first;
	}
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
	struct walk walk = { .btf = btf, .wanted = w };
	int ret;

	if (!offsets)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	walk.ground = (struct ground){ .types = btf->types,
				       .strings = btf->strings - btf->first_string,
				       .first_string = btf->first_string,
				       .last_string = (int64_t)btf->strings_len - 4,
				       .offsets = offsets,
				       .shift = shift,
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
