// SPDX-License-Identifier: MIT
/*
 * The part of a target's BTF that relocations look at. Each relocation is matched as it is for a
 * load (core_path.c), and what the match has touched is kept.
 */
#include <errno.h>
#include <skep/btf_minimal.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "btf/index.h"
#include "relo/keep.h"
#include "relo/relo.h"

/*
 * The anonymous structs and unions of @from through which a member of @to was found. Those of a
 * type are looked at in the order in which the match did.
 */
static bool keep_way(struct skep_keep *k, uint32_t from, uint32_t to, int depth)
{
	const struct btf_type *t = skep_btf_type(k->btf, from);
	uint16_t kind = skep_btf_kind(t);

	if (from == to)
		return true;
	if ((kind != BTF_KIND_STRUCT && kind != BTF_KIND_UNION) || depth > CORE_MAX_DEPTH)
		return false;
	for (uint16_t i = 0; i < skep_btf_vlen(t); i++) {
		const struct btf_member *m = &skep_btf_members(t)[i];
		const char *name = skep_btf_string(k->btf, m->name_off);

		if (++k->work > CORE_MAX_WORK)
			return false;
		if ((name && *name) ||
		    !keep_way(k, skep_btf_resolve(k->btf, m->type), to, depth + 1))
			continue;
		skep_keep_member(k, from, i);
		return true;
	}
	return false;
}

static void keep_field(struct skep_keep *k, const struct core_path *found)
{
	uint32_t at = found->root;

	skep_keep_type(k, at, SKEP_KEEP);
	for (uint32_t i = 1; i < found->n_steps && at; i++) {
		const struct core_step *s = &found->steps[i];
		const struct btf_type *t;

		at = skep_btf_resolve(k->btf, at);
		if (!s->name) {
			skep_keep_type(k, at, SKEP_KEEP);
			at = skep_btf_array(skep_btf_type(k->btf, at))->type;
			continue;
		}
		keep_way(k, at, s->type_id, 0);
		skep_keep_member(k, s->type_id, s->index);
		t = skep_btf_type(k->btf, s->type_id);
		at = skep_btf_members(t)[s->index].type;
	}
}

static void keep_found(struct skep_keep *k, const struct core_path *found)
{
	if (found->kind == BPF_CORE_TYPE_MATCHES)
		skep_keep_type(k, found->root, SKEP_KEEP | SKEP_KEEP_TARGETS | SKEP_KEEP_MEMBERS);
	else if (core_is_type(found->kind))
		skep_keep_type(k, found->root, SKEP_KEEP | SKEP_KEEP_TARGETS);
	else if (core_is_field(found->kind))
		keep_field(k, found);
	else
		skep_keep_type(k, found->root, SKEP_KEEP);
}

/*
 * Of all types of the name those in which the match succeeds: the resolver, which drops the others
 * as it goes, will find no more and no fewer.
 */
static int keep_relo(struct skep_keep *k, const struct skep_spec *spec,
		     const struct skep_core_relo *relo, struct skep_error *err)
{
	const char *name = skep_btf_name(spec->btf, relo->type_id);
	const struct btf_type *t = skep_btf_type(spec->btf, relo->type_id);
	const uint32_t *ids;
	struct core_path local, found;
	size_t n = 0;
	int ret;

	if (relo->kind == BPF_CORE_TYPE_ID_LOCAL || !*name)
		return 0;
	ret = core_path_parse(&local, spec->btf, relo, err);
	if (ret)
		return ret;
	ids = skep_btf_named(k->btf, name, skep_btf_essential_len(name), &n);
	for (size_t i = 0; i < n; i++)
		if (core_kinds_fit(t, skep_btf_type(k->btf, ids[i])) &&
		    core_path_match(&local, k->btf, ids[i], &found) > 0)
			keep_found(k, &found);
	return 0;
}

static int keep_spec(struct skep_keep *k, const struct skep_spec *spec, struct skep_error *err)
{
	for (size_t i = 0; i < spec->n_functions; i++) {
		const struct skep_function *f = spec->functions[i];

		for (size_t r = 0; r < f->n_core_relos; r++) {
			int ret = keep_relo(k, spec, &f->core_relos[r], err);

			if (!ret)
				continue;
			skep_error_add_subject(err, "instruction %u of function '%s'",
					       f->core_relos[r].insn, f->name);
			skep_error_add_object(err, "%s", spec->path);
			return ret;
		}
	}
	return 0;
}

/* All names in one walk. */
static int prefetch(const struct skep_btf *target, const struct skep_spec *spec)
{
	const char **names;
	int64_t n = skep_core_root_names(spec, &names);
	int ret = n < 0 ? (int)n : skep_btf_prefetch(target, names, (size_t)n);

	free(names);
	return ret;
}

struct skep_btf *skep_btf_minimal(const struct skep_btf *target,
				  const struct skep_spec *const *specs, size_t n,
				  struct skep_error *err)
{
	struct skep_keep k = { .btf = target };
	struct skep_btf *minimal = NULL;
	int ret;

	if (!target || (!specs && n))
		return skep_error_null_ptr(err, SKEP_STAGE_BUILD, target ? "specs" : "BTF");
	ret = skep_btf_check(target, err);
	if (!ret && skep_keep_init(&k))
		ret = skep_error_nomem(err, SKEP_STAGE_BUILD);
	for (size_t i = 0; i < n && !ret; i++) {
		if (!specs[i])
			ret = skep_error_null(err, SKEP_STAGE_BUILD, "spec");
		else if (prefetch(target, specs[i]))
			ret = skep_error_nomem(err, SKEP_STAGE_BUILD);
		else
			ret = keep_spec(&k, specs[i], err);
	}
	if (!ret)
		minimal = skep_keep_write(&k, err);
	skep_keep_free(&k);
	return minimal;
}
