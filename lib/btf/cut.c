// SPDX-License-Identifier: MIT
#include "btf/cut.h"

#include <errno.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/vec.h"
#include "btf/builder.h"
#include "btf/rewrite.h"
#include "btf/tags.h"

struct cut {
	const struct skep_btf *btf;
	struct skep_btf_builder *b;
	uint32_t *ids;			/* what each type is called now; 0: it is not needed */
	struct skep_vec(uint32_t) todo; /* types in their new order, from 1 */
	bool failed;			/* no memory */
	bool is_damaged;
};

/* What a type is called now, which makes it needed. */
static uint32_t need(void *ctx, uint32_t id)
{
	struct cut *c = ctx;
	uint32_t *slot;

	if (!id || c->failed || c->is_damaged)
		return 0;
	if (id >= skep_btf_count(c->btf)) {
		c->is_damaged = true;
		return 0;
	}
	if (c->ids[id])
		return c->ids[id];
	slot = skep_vec_push(&c->todo);
	if (!slot) {
		c->failed = true;
		return 0;
	}
	*slot = id;
	c->ids[id] = (uint32_t)c->todo.len;
	return c->ids[id];
}

static uint32_t take_string(void *ctx, uint32_t offset)
{
	struct cut *c = ctx;
	int64_t at = skep_btf_builder_string(c->b, skep_btf_string(c->btf, offset) ?: "");

	c->failed |= at < 0;
	return at < 0 ? 0 : (uint32_t)at;
}

static void take_type(struct cut *c, uint32_t id)
{
	const struct skep_btf_rewrite rewrite = { need, take_string, c };
	const struct btf_type *t = skep_btf_type(c->btf, id);
	struct btf_type *copy;

	if (!t) {
		c->is_damaged = true;
		return;
	}
	if (skep_btf_builder_copy(c->b, t, &copy)) {
		c->failed = true;
		return;
	}
	if (skep_btf_kind(t) == BTF_KIND_PTR)
		copy->type = 0;
	skep_btf_rewrite(&rewrite, copy);
}

static void take_tags(struct cut *c)
{
	struct skep_btf_tags tags = { 0 };

	c->failed |= skep_btf_tags_find(&tags, c->btf, "") != 0;
	skep_vec_for_each(&tags.list, tag) {
		int64_t text = skep_btf_builder_string(c->b, tag->text);
		struct btf_type t = { .name_off = (uint32_t)text,
				      .info = (uint32_t)BTF_KIND_DECL_TAG << 24 };

		if (tag->type >= skep_btf_count(c->btf) || !c->ids[tag->type])
			continue;
		t.type = c->ids[tag->type];
		c->failed |= text < 0 ||
			     skep_btf_builder_add(c->b, &t, &tag->part, sizeof(tag->part)) < 0;
	}
	skep_btf_tags_free(&tags);
}

static int finish(struct cut *c, struct skep_text *out, struct skep_error *err)
{
	if (c->is_damaged)
		return skep_error_set(err, SKEP_STAGE_READ, EINVAL,
				      "the BTF is damaged: a type refers to one that is not there");
	if (c->failed || skep_btf_builder_write(c->b, false, out) || out->failed)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	return 0;
}

int skep_btf_cut(const struct skep_btf *btf, uint32_t type_id, struct skep_text *out,
		 uint32_t *new_id, struct skep_error *err)
{
	struct cut c = { .btf = btf,
			 .b = skep_btf_builder_new(),
			 .ids = calloc(skep_btf_count(btf), sizeof(uint32_t)) };
	int ret;

	c.failed = !c.b || !c.ids;
	*new_id = need(&c, type_id);
	for (size_t i = 0; i < c.todo.len && !c.failed && !c.is_damaged; i++)
		take_type(&c, c.todo.items[i]);
	if (!c.failed && !c.is_damaged)
		take_tags(&c);
	ret = finish(&c, out, err);
	skep_btf_builder_free(c.b);
	skep_vec_free(&c.todo);
	free(c.ids);
	return ret;
}
