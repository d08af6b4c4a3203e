// SPDX-License-Identifier: MIT
/* CO-RE of a program: each relocation resolved once for the object, and applied. */
#include "relo/core.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/vec.h"
#include "btf/index.h"
#include "relo/relo.h"

struct resolver {
	const struct skep_spec *spec;
	const struct skep_btf *target;
	struct skep_core_cache *cache;
	struct skep_error *err;
};

struct skep_core_cache *skep_core_cache_new(void)
{
	return calloc(1, sizeof(struct skep_core_cache));
}

void skep_core_cache_free(struct skep_core_cache *cache)
{
	if (!cache)
		return;
	skep_hash_free(&cache->candidates);
	skep_hash_free(&cache->values);
	skep_arena_free(&cache->arena);
	free(cache);
}

static int nomem(const struct resolver *r)
{
	skep_error_nomem(r->err, SKEP_STAGE_RESOLVE);
	return -ENOMEM;
}

/* A place in a table under a key of bytes, which are copied; it is 0 until something is found. */
static uintptr_t *put(const struct resolver *r, struct skep_hash *hash, const void *key, size_t len)
{
	uintptr_t *place = skep_hash_get(hash, key, len);
	bool is_new;
	char *copy;

	if (place)
		return place;
	copy = skep_arena_string(&r->cache->arena, key, len);
	return copy ? skep_hash_put(hash, copy, len, &is_new) : NULL;
}

void skep_core_cache_set_modules(struct skep_core_cache *cache, skep_core_module_fn modules,
				 void *context)
{
	cache->modules = modules;
	cache->context = context;
}

/* Adds every type of one BTF with the local root's kind and essential name. */
static int collect_from(const struct resolver *r, const struct skep_btf *btf, uint32_t root,
			struct core_candidates *c)
{
	const struct btf_type *t = skep_btf_type(r->spec->btf, root);
	const char *name = skep_btf_name(r->spec->btf, root);
	struct core_candidate *list;
	size_t n;
	const uint32_t *ids = skep_btf_named(btf, name, skep_btf_essential_len(name), &n);

	list = skep_arena_alloc(&r->cache->arena, c->n + n, sizeof(*list));
	if (!list)
		return nomem(r);
	if (c->n)
		memcpy(list, c->list, c->n * sizeof(*list));
	c->list = list;
	for (size_t i = 0; i < n; i++)
		if (core_kinds_fit(t, skep_btf_type(btf, ids[i])))
			list[c->n++] = (struct core_candidate){ btf, ids[i] };
	return 0;
}

/* A module's BTF has its base's types too, among which there is none, or it would not be asked. */
static int collect_from_modules(const struct resolver *r, uint32_t root, struct core_candidates *c)
{
	const struct skep_btf *btf = NULL;
	int ret = 0;

	for (size_t i = 0; !ret && r->cache->modules(r->cache->context, i, &btf); i++)
		if (btf)
			ret = collect_from(r, btf, root, c);
	return ret;
}

/* The target's types, or those of modules if it has none. */
static int collect(const struct resolver *r, uint32_t root, struct core_candidates *c)
{
	int ret;

	if (!skep_btf_name(r->spec->btf, root)[0]) {
		skep_error_set(r->err, SKEP_STAGE_RESOLVE, ENOTSUP,
			       "types without a name cannot be looked for in the target");
		return -ENOTSUP;
	}
	ret = collect_from(r, r->target, root, c);
	if (!ret && !c->n && r->cache->modules)
		ret = collect_from_modules(r, root, c);
	return ret;
}

static int candidates(const struct resolver *r, uint32_t root, struct core_candidates **out)
{
	uintptr_t *place = put(r, &r->cache->candidates, &root, sizeof(root));
	struct core_candidates *c;
	int ret;

	if (!place)
		return nomem(r);
	if (!*place) {
		c = skep_arena_alloc(&r->cache->arena, 1, sizeof(*c));
		if (!c)
			return nomem(r);
		ret = collect(r, root, c);
		if (ret)
			return ret;
		*place = (uintptr_t)c;
	}
	*out = (void *)*place;
	return 0;
}

static int ambiguous(const struct resolver *r, const struct core_path *local,
		     const struct core_candidate *a, const struct core_candidate *b)
{
	SKEP_SCOPED(skep_text_free) struct skep_text what = { 0 };

	core_describe(local, &what);
	skep_error_set(r->err, SKEP_STAGE_RESOLVE, EINVAL,
		       "%s is ambiguous: type %u of %s and type %u of %s give different answers",
		       skep_text_string(&what), a->id, skep_btf_label(a->btf), b->id,
		       skep_btf_label(b->btf));
	skep_error_add_hint(r->err,
			    "name a member that only one of them has, or give a smaller BTF");
	return -EINVAL;
}

static bool agree(const struct core_path *a, const struct core_value *x, const struct core_path *b,
		  const struct core_value *y)
{
	return x->target == y->target && x->poison == y->poison &&
	       (!core_is_field(a->kind) || a->bit_offset == b->bit_offset);
}

static int value_failed(const struct resolver *r, const struct core_path *local, int code)
{
	SKEP_SCOPED(skep_text_free) struct skep_text what = { 0 };

	core_describe(local, &what);
	return skep_error_set(r->err, SKEP_STAGE_RESOLVE, code, "%s cannot be computed%s",
			      skep_text_string(&what),
			      code == -E2BIG ? ": the bitfield is in no 8 aligned bytes" : "");
}

/*
 * All candidates that have the access must agree. Those that have it not are out for good, so
 * that one program means one of several types of the same name; unless none has it, which an
 * existence check may well find.
 */
static int resolve_in(const struct resolver *r, const struct core_path *local,
		      struct core_candidates *c, struct core_value *value)
{
	struct core_path first, found;
	size_t kept = 0;

	for (size_t i = 0; i < c->n; i++) {
		struct core_value v;
		int ret = core_path_match(local, c->list[i].btf, c->list[i].id,
					  kept ? &found : &first);

		if (ret < 0)
			return value_failed(r, local, ret);
		if (!ret)
			continue;
		ret = core_value_of(local, kept ? &found : &first, &v);
		if (ret)
			return value_failed(r, local, ret);
		if (kept && !agree(&first, value, &found, &v))
			return ambiguous(r, local, &c->list[0], &c->list[i]);
		if (!kept)
			*value = v;
		c->list[kept++] = c->list[i];
	}
	if (kept) {
		c->n = kept;
		return 0;
	}
	return core_value_of(local, NULL, value) ? value_failed(r, local, -EINVAL) : 0;
}

static int resolve(const struct resolver *r, const struct skep_core_relo *relo,
		   struct core_value *value)
{
	struct core_candidates *c;
	struct core_path local;
	int ret;

	if (relo->kind == BPF_CORE_TYPE_ID_LOCAL) {
		*value = (struct core_value){ .target = relo->type_id, .unchecked = true };
		return 0;
	}
	ret = core_path_parse(&local, r->spec->btf, relo, r->err);
	if (!ret)
		ret = candidates(r, relo->type_id, &c);
	return ret ?: resolve_in(r, &local, c, value);
}

/* Programs of one object ask for the same fields again and again. */
static int resolve_once(const struct resolver *r, const struct skep_core_relo *relo,
			const struct core_value **out)
{
	struct {
		const char *access;
		uint32_t type_id, kind;
	} key = { relo->access, relo->type_id, relo->kind };
	uintptr_t *place = put(r, &r->cache->values, &key, sizeof(key));
	struct core_value *value;
	int ret;

	if (!place)
		return nomem(r);
	if (*place) {
		*out = (void *)*place;
		return 0;
	}
	value = skep_arena_alloc(&r->cache->arena, 1, sizeof(*value));
	if (!value)
		return nomem(r);
	ret = resolve(r, relo, value);
	if (ret)
		return ret;
	*place = (uintptr_t)value;
	*out = value;
	return 0;
}

static int apply(const struct resolver *r, const struct skep_function *f, struct bpf_insn *insns)
{
	for (size_t i = 0; i < f->n_core_relos; i++) {
		const struct skep_core_relo *relo = &f->core_relos[i];
		const struct core_value *value = NULL;
		int ret = resolve_once(r, relo, &value);

		if (!ret)
			ret = core_patch(&insns[relo->insn], relo->insn + 1 < f->n_insns, value,
					 r->err);
		if (ret) {
			skep_error_add_subject(r->err, "instruction %u of function '%s'",
					       relo->insn, f->name);
			return ret;
		}
	}
	return 0;
}

int skep_code_core(struct skep_code *code, const struct skep_spec *spec,
		   const struct skep_btf *target, struct skep_core_cache *cache,
		   struct skep_error *err)
{
	struct resolver r = { spec, target, cache, err };

	for (size_t i = 0; i < code->n_pieces; i++) {
		const struct skep_function *f = spec->functions[code->pieces[i].function];
		int ret = apply(&r, f, code->insns + code->pieces[i].start);

		if (ret)
			return ret;
	}
	return 0;
}

/* Functions that no program reaches may be counted too: their names cost a walk nothing. */
bool skep_spec_needs_core(const struct skep_spec *spec)
{
	for (size_t i = 0; i < spec->n_functions; i++)
		if (spec->functions[i]->n_core_relos)
			return true;
	return false;
}

int64_t skep_core_root_names(const struct skep_spec *spec, const char ***names)
{
	struct skep_vec(const char *) list = { 0 };
	struct skep_hash seen = { 0 };
	bool ok = true;

	for (size_t i = 0; i < spec->n_functions && ok; i++) {
		const struct skep_function *f = spec->functions[i];

		for (size_t k = 0; k < f->n_core_relos && ok; k++) {
			const char *name = skep_btf_name(spec->btf, f->core_relos[k].type_id);
			bool is_new = false;

			if (!name[0])
				continue;
			ok = skep_hash_put(&seen, name, strlen(name), &is_new);
			if (is_new) {
				const char **slot = skep_vec_push(&list);

				ok = slot;
				if (slot)
					*slot = name;
			}
		}
	}
	skep_hash_free(&seen);
	if (!ok) {
		skep_vec_free(&list);
		*names = NULL;
		return -ENOMEM;
	}
	*names = list.items;
	return (int64_t)list.len;
}
