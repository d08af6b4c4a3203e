// SPDX-License-Identifier: MIT
#include "relo/keep.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "btf/merge.h"

int skep_keep_init(struct skep_keep *k)
{
	k->n = skep_btf_count(k->btf);
	k->how = calloc(k->n + 1ul, 1);
	k->members = calloc(k->n + 1ul, sizeof(*k->members));
	k->ids = calloc(k->n + 1ul, sizeof(*k->ids));
	return k->how && k->members && k->ids ? 0 : -ENOMEM;
}

void skep_keep_free(struct skep_keep *k)
{
	for (uint32_t id = 0; k->members && id < k->n; id++)
		free(k->members[id]);
	free(k->how);
	free(k->members);
	free(k->ids);
	skep_vec_free(&k->todo);
}

static void add(struct skep_keep *k, uint32_t id, uint8_t how)
{
	uint32_t *slot;

	if (!id || id >= k->n || !(how & ~k->how[id]))
		return;
	slot = skep_vec_push(&k->todo);
	if (!slot) {
		k->failed = true;
		return;
	}
	k->how[id] |= how;
	*slot = id;
}

static void mark_member(struct skep_keep *k, uint32_t id, uint32_t index)
{
	const struct btf_type *t = skep_btf_type(k->btf, id);

	if (!k->members[id])
		k->members[id] = calloc(skep_btf_vlen(t) + 1ul, 1);
	if (k->members[id])
		k->members[id][index] = 1;
	else
		k->failed = true;
}

static bool is_function(const struct skep_btf *btf, uint32_t id)
{
	return skep_btf_kind(skep_btf_type(btf, skep_btf_resolve(btf, id))) == BTF_KIND_FUNC_PROTO;
}

/* Behind a pointer a struct is known by its name; a function is not. */
static void add_target(struct skep_keep *k, const struct btf_type *t, uint8_t how)
{
	if (how & SKEP_KEEP_TARGETS)
		add(k, t->type, is_function(k->btf, t->type) ? how : how & ~SKEP_KEEP_MEMBERS);
}

static void follow(struct skep_keep *k, uint32_t id)
{
	const struct btf_type *t = skep_btf_type(k->btf, id);
	uint8_t how = k->how[id];

	switch (skep_btf_kind(t)) {
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_CONST:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_TYPE_TAG:
		return add(k, t->type, how);
	case BTF_KIND_PTR:
		return add_target(k, t, how);
	case BTF_KIND_ARRAY:
		add(k, skep_btf_array(t)->type, how);
		return add(k, skep_btf_array(t)->index_type, SKEP_KEEP);
	case BTF_KIND_FUNC_PROTO:
		add(k, t->type, how);
		for (uint16_t i = 0; i < skep_btf_vlen(t); i++)
			add(k, skep_btf_params(t)[i].type, how);
		return;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		for (uint16_t i = 0; how & SKEP_KEEP_MEMBERS && i < skep_btf_vlen(t); i++) {
			mark_member(k, id, i);
			add(k, skep_btf_members(t)[i].type, how);
		}
	}
}

static void follow_all(struct skep_keep *k)
{
	while (k->todo.len)
		follow(k, k->todo.items[--k->todo.len]);
}

void skep_keep_type(struct skep_keep *k, uint32_t id, uint8_t how)
{
	add(k, id, how);
	follow_all(k);
}

void skep_keep_member(struct skep_keep *k, uint32_t id, uint32_t index)
{
	add(k, id, SKEP_KEEP);
	mark_member(k, id, index);
	add(k, skep_btf_members(skep_btf_type(k->btf, id))[index].type, SKEP_KEEP);
	follow_all(k);
}

static bool is_dropped(const void *ctx, uint32_t id)
{
	const struct skep_keep *k = ctx;

	return !k->how[id];
}

static bool is_member_dropped(const void *ctx, uint32_t id, uint32_t index)
{
	const struct skep_keep *k = ctx;

	return !k->members[id] || !k->members[id][index];
}

/* What `long` is tells how long pointers are, whether or not anything is of that type. */
static void keep_long(struct skep_keep *k)
{
	for (uint32_t id = 1; id < k->n; id++) {
		const char *name = skep_btf_name(k->btf, id);

		if (skep_btf_kind(skep_btf_type(k->btf, id)) == BTF_KIND_INT &&
		    strstr(name, "long") && !strstr(name, "long long"))
			return add(k, id, SKEP_KEEP);
	}
}

struct skep_btf *skep_keep_write(struct skep_keep *k, struct skep_error *err)
{
	const struct skep_btf_choice choice = { is_dropped, is_member_dropped, k };
	struct skep_btf_builder *b = skep_btf_builder_new();
	struct skep_btf *out = NULL;

	keep_long(k);
	k->todo.len = 0;
	if (!b || k->failed || skep_btf_builder_append(b, k->btf, k->ids, &choice))
		skep_error_nomem(err, SKEP_STAGE_BUILD);
	else
		out = skep_btf_builder_open(b, "minimal BTF", skep_btf_is_foreign(k->btf), err);
	skep_btf_builder_free(b);
	return out;
}
