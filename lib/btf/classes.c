// SPDX-License-Identifier: MIT
/*
 * Equality of types that refer to each other in circles: all that look the same are taken to be
 * equal, and sets of them are split as long as two members refer to different sets (partition.c).
 */
#include "btf/classes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "btf/btf.h"
#include "btf/graph.h"
#include "btf/partition.h"
#include "btf/rewrite.h"

/* What is only declared: the tables of what is defined by these names. */
enum { STRUCTS, UNIONS, ENUMS, N_TABLES };

struct classes {
	const struct btf_type **types; /* by id */
	uint32_t n;
	const struct skep_btf *btf;
	uint32_t *set;
	uint32_t n_sets;
	uint32_t *alias;		  /* by id: what stands for it; itself */
	struct skep_hash named[N_TABLES]; /* the first type of the name */
	bool *is_torn; /* by id of a first one: another of its name is not equal to it */
	struct skep_hash shapes;
	struct skep_arena keys;
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

static uint32_t no_id(void *ctx, uint32_t id)
{
	(void)ctx;
	(void)id;
	return 0;
}

/* All that a type says of itself: its bytes without what it refers to. */
static int put_shape(struct classes *c, uint32_t id)
{
	static const struct skep_btf_rewrite strip = { .id = no_id };
	uint32_t len = skep_btf_type_len(c->types[id], UINT32_MAX);
	void *key = skep_arena_alloc(&c->keys, len, 1);
	uintptr_t *place;
	bool is_new;

	if (!key)
		return -ENOMEM;
	memcpy(key, c->types[id], len);
	skep_btf_rewrite(&strip, key);
	place = skep_hash_put(&c->shapes, key, len, &is_new);
	if (!place)
		return -ENOMEM;
	if (is_new)
		*place = c->n_sets++;
	c->set[id] = (uint32_t)*place;
	return 0;
}

static int make_sets(struct classes *c)
{
	int ret = 0;

	c->n_sets = 1; /* void */
	for (uint32_t id = 1; id < c->n && !ret; id++) {
		uint16_t kind = skep_btf_kind(c->types[id]);

		if (kind == BTF_KIND_VAR || kind == BTF_KIND_DATASEC)
			c->set[id] = c->n_sets++;
		else
			ret = put_shape(c, id);
	}
	skep_hash_free(&c->shapes);
	skep_arena_free(&c->keys);
	return ret;
}

static uintptr_t *find_named(struct classes *c, uint32_t id, bool add)
{
	int table = table_of(c->types[id]);
	const char *name;
	bool is_new;

	if (table < 0)
		return NULL;
	name = skep_btf_string(c->btf, c->types[id]->name_off);
	return add ? skep_hash_put(&c->named[table], name, strlen(name), &is_new) :
		     skep_hash_get(&c->named[table], name, strlen(name));
}

static int find_definitions(struct classes *c)
{
	for (uint32_t id = 1; id < c->n; id++) {
		uintptr_t *first;

		if (table_of(c->types[id]) < 0 || is_declaration(c->types[id]))
			continue;
		first = find_named(c, id, true);
		if (!first)
			return -ENOMEM;
		if (!*first)
			*first = id;
	}
	return 0;
}

/* True if some name turned out to stand for more than one type since this was last asked. */
static bool find_torn(struct classes *c)
{
	bool found = false;

	for (uint32_t id = 1; id < c->n; id++) {
		uintptr_t *first = is_declaration(c->types[id]) ? NULL : find_named(c, id, false);

		if (!first || c->set[*first] == c->set[id] || c->is_torn[*first])
			continue;
		c->is_torn[*first] = true;
		found = true;
	}
	return found;
}

static void point_to_definitions(struct classes *c)
{
	for (uint32_t id = 0; id < c->n; id++) {
		uintptr_t *first =
			id && is_declaration(c->types[id]) ? find_named(c, id, false) : NULL;

		c->alias[id] = first && !c->is_torn[*first] ? (uint32_t)*first : id;
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
			uintptr_t *first =
				is_declaration(c->types[id]) ? NULL : find_named(c, id, false);

			if (first && *first != id)
				c->is_torn[*first] = true;
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

static int make(struct classes *c)
{
	const struct btf_type *t = (const void *)c->btf->types;

	c->types = calloc(c->n + 1ul, sizeof(*c->types));
	c->set = calloc(c->n + 1ul, sizeof(*c->set));
	c->alias = calloc(c->n + 1ul, sizeof(*c->alias));
	c->is_torn = calloc(c->n + 1ul, 1);
	if (!c->types || !c->set || !c->alias || !c->is_torn)
		return -ENOMEM;
	c->types[0] = skep_btf_type(c->btf, 0);
	for (uint32_t id = 1; id < c->n; id++) {
		c->types[id] = t;
		t = (const void *)((const uint8_t *)t + skep_btf_type_len(t, UINT32_MAX));
	}
	return find_definitions(c) ?: split_again(c);
}

int skep_btf_classes(const struct skep_btf *btf, uint32_t *same, struct skep_error *err)
{
	struct classes c = { .btf = btf, .n = skep_btf_count(btf) };
	int ret = make(&c) ?: name_sets(&c, same);

	free(c.types);
	free(c.set);
	free(c.alias);
	free(c.is_torn);
	for (int i = 0; i < N_TABLES; i++)
		skep_hash_free(&c.named[i]);
	skep_hash_free(&c.shapes);
	skep_arena_free(&c.keys);
	return ret ? skep_error_nomem(err, SKEP_STAGE_BUILD) : 0;
}
