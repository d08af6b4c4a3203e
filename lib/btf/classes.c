// SPDX-License-Identifier: MIT
/*
 * Equality of types that refer to each other in circles: all that look the same are taken to be
 * equal, and sets of them are split as long as two members refer to different sets (partition.c).
 */
#include "btf/classes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "btf/btf.h"
#include "btf/graph.h"
#include "btf/numbers.h"
#include "btf/partition.h"
#include "btf/rewrite.h"

/* What a name is a name of. */
enum { STRUCTS, UNIONS, ENUMS };

struct classes {
	const struct btf_type **types; /* by id */
	uint32_t n;
	const struct skep_btf *btf;
	uint32_t *set;
	uint32_t n_sets;
	uint32_t *alias;      /* by id: what stands for it; itself */
	uint32_t *definition; /* by id: the first one of its name; 0: none */
	bool *is_torn;	      /* by id of a first one: another of its name is not equal to it */
};

static bool is_declaration(const struct btf_type *t)
{
	uint16_t kind = skep_btf_kind(t);

	return kind == BTF_KIND_FWD ||
	       ((kind == BTF_KIND_ENUM || kind == BTF_KIND_ENUM64) && !skep_btf_vlen(t));
}

/* The table that a name is in, or -1. */
static int table_of(const struct btf_type *t)
{
	switch (t->name_off ? skep_btf_kind(t) : BTF_KIND_UNKN) {
	case BTF_KIND_STRUCT:
		return STRUCTS;
	case BTF_KIND_UNION:
		return UNIONS;
	case BTF_KIND_FWD:
		return BTF_INFO_KFLAG(t->info) ? UNIONS : STRUCTS;
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return ENUMS;
	default:
		return -1;
	}
}

/* Types by all that they say of themselves: ids, 0 where there is none. */
struct shapes {
	uint32_t *ids;
	uint32_t mask;
};

/* The first type that says the same, which may be the one that is asked for. */
static uint32_t find_shape(const struct classes *c, struct shapes *s, uint32_t id)
{
	uint64_t hash = skep_btf_shape(c->types[id]);
	uint32_t slot = (uint32_t)(hash ^ hash >> 32) & s->mask;

	while (s->ids[slot] && !skep_btf_same_shape(c->types[s->ids[slot]], c->types[id]))
		slot = (slot + 1) & s->mask;
	if (!s->ids[slot])
		s->ids[slot] = id;
	return s->ids[slot];
}

static int make_sets(struct classes *c)
{
	struct shapes s = { .mask = 63 };

	while (s.mask < 2ull * c->n && s.mask < UINT32_MAX / 2)
		s.mask = s.mask * 2 + 1;
	s.ids = calloc(s.mask + 1ul, sizeof(*s.ids));
	if (!s.ids)
		return -ENOMEM;
	c->n_sets = 1; /* void */
	for (uint32_t id = 1; id < c->n; id++) {
		uint16_t kind = skep_btf_kind(c->types[id]);
		bool is_own = kind == BTF_KIND_VAR || kind == BTF_KIND_DATASEC;
		uint32_t first = is_own ? id : find_shape(c, &s, id);

		c->set[id] = first == id ? c->n_sets++ : c->set[first];
	}
	free(s.ids);
	return 0;
}

/* The first definition of each name, for what defines and for what declares it. */
static int find_definitions(struct classes *c)
{
	struct skep_btf_numbers named;

	if (skep_btf_numbers_make(&named, c->n))
		return -ENOMEM;
	for (int declares = 0; declares < 2; declares++)
		for (uint32_t id = 1; id < c->n; id++) {
			int table = table_of(c->types[id]);
			uint32_t *first;

			if (table < 0 || is_declaration(c->types[id]) != declares)
				continue;
			first = skep_btf_number(&named, (uint64_t)(table + 1) << 32 |
								c->types[id]->name_off);
			if (!*first && !declares)
				*first = id;
			c->definition[id] = *first;
		}
	skep_btf_numbers_free(&named);
	return 0;
}

/* True if some name turned out to stand for more than one type since this was last asked. */
static bool find_torn(struct classes *c)
{
	bool found = false;

	for (uint32_t id = 1; id < c->n; id++) {
		uint32_t first = c->definition[id];

		if (!first || is_declaration(c->types[id]) || c->set[first] == c->set[id] ||
		    c->is_torn[first])
			continue;
		c->is_torn[first] = true;
		found = true;
	}
	return found;
}

static void point_to_definitions(struct classes *c)
{
	for (uint32_t id = 0; id < c->n; id++) {
		uint32_t first = c->definition[id];

		c->alias[id] =
			first && is_declaration(c->types[id]) && !c->is_torn[first] ? first : id;
	}
}

static int split(struct classes *c)
{
	struct skep_btf_graph graph;
	int ret;

	ret = make_sets(c);
	if (ret)
		return ret;
	find_torn(c);
	point_to_definitions(c);
	ret = skep_btf_graph_make(&graph, c->types, c->n, c->alias);
	ret = ret ?: skep_btf_partition(&graph, c->set, c->n_sets);
	skep_btf_graph_free(&graph);
	return ret;
}

/*
 * That a declaration stands for a definition may make types equal whose difference is only seen
 * later: then it did not, and all is done again. After a few times no name that is defined more
 * than once is taken for its definition.
 */
#define MAX_ROUNDS 4

static int split_again(struct classes *c)
{
	int ret = split(c);

	for (int round = 1; !ret && find_torn(c); round++) {
		for (uint32_t id = 1; round == MAX_ROUNDS && id < c->n; id++) {
			uint32_t first = c->definition[id];

			if (first && first != id && !is_declaration(c->types[id]))
				c->is_torn[first] = true;
		}
		ret = split(c);
		if (round == MAX_ROUNDS)
			break;
	}
	return ret;
}

/* Every set is called by its first member. */
static int name_sets(const struct classes *c, uint32_t *same)
{
	uint32_t *first = calloc(c->n + 1ul, sizeof(*first));

	if (!first)
		return -ENOMEM;
	for (uint32_t id = c->n - 1; id > 0; id--)
		first[c->set[id]] = id;
	same[0] = 0;
	for (uint32_t id = 1; id < c->n; id++)
		same[id] = first[c->set[c->alias[id]]];
	free(first);
	return 0;
}

static int make(struct classes *c, bool with_declarations)
{
	const struct btf_type *t = (const void *)c->btf->types;

	c->types = calloc(c->n + 1ul, sizeof(*c->types));
	c->set = calloc(c->n + 1ul, sizeof(*c->set));
	c->alias = calloc(c->n + 1ul, sizeof(*c->alias));
	c->definition = calloc(c->n + 1ul, sizeof(*c->definition));
	c->is_torn = calloc(c->n + 1ul, 1);
	if (!c->types || !c->set || !c->alias || !c->definition || !c->is_torn)
		return -ENOMEM;
	c->types[0] = skep_btf_type(c->btf, 0);
	for (uint32_t id = 1; id < c->n; id++) {
		c->types[id] = t;
		t = (const void *)((const uint8_t *)t + skep_btf_type_len(t, UINT32_MAX));
	}
	return (with_declarations ? find_definitions(c) : 0) ?: split_again(c);
}

int skep_btf_classes(const struct skep_btf *btf, bool with_declarations, uint32_t *same,
		     struct skep_error *err)
{
	struct classes c = { .btf = btf, .n = skep_btf_count(btf) };
	int ret = make(&c, with_declarations) ?: name_sets(&c, same);

	free(c.types);
	free(c.set);
	free(c.alias);
	free(c.definition);
	free(c.is_torn);
	return ret ? skep_error_nomem(err, SKEP_STAGE_BUILD) : 0;
}
