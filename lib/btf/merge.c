// SPDX-License-Identifier: MIT
/* The types of several BTFs in one, each there once. */
#include "btf/merge.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "btf/btf.h"
#include "btf/raw.h"
#include "btf/rewrite.h"
#include "btf/swap.h"

SKEP_DEFINE_SCOPED(builder, struct skep_btf_builder, skep_btf_builder_free)

struct appending {
	struct skep_btf_builder *builder;
	const struct skep_btf *btf;
	const uint32_t *ids;
	const struct skep_btf_choice *leave_out;
	uint32_t *strings; /* by offset, what has been added already; 0: not yet; or NULL */
	int failed;
};

static uint32_t append_id(void *ctx, uint32_t id)
{
	const struct appending *a = ctx;

	return a->ids[id];
}

static uint32_t append_string(void *ctx, uint32_t offset)
{
	struct appending *a = ctx;
	bool is_noted = a->strings && offset < a->btf->strings_len;
	int64_t at;

	if (!offset || (is_noted && a->strings[offset]))
		return offset ? a->strings[offset] : 0;
	at = skep_btf_builder_string(a->builder, skep_btf_string(a->btf, offset));
	if (at < 0)
		a->failed = (int)at;
	if (at > 0 && is_noted)
		a->strings[offset] = (uint32_t)at;
	return at < 0 ? 0 : (uint32_t)at;
}

static bool is_left_out(const struct appending *a, uint32_t id)
{
	return a->leave_out && a->leave_out->type && a->leave_out->type(a->leave_out->ctx, id);
}

/* Members that stay move up. */
static void leave_out_members(const struct appending *a, uint32_t id, struct btf_type *copy)
{
	struct btf_member *members = (struct btf_member *)skep_btf_members(copy);
	uint16_t kind = skep_btf_kind(copy);
	uint32_t n = 0;

	if (!a->leave_out || !a->leave_out->member ||
	    (kind != BTF_KIND_STRUCT && kind != BTF_KIND_UNION))
		return;
	for (uint32_t i = 0; i < skep_btf_vlen(copy); i++)
		if (!a->leave_out->member(a->leave_out->ctx, id, i))
			members[n++] = members[i];
	copy->info = (copy->info & ~0xffffu) | n;
	skep_btf_builder_shorten(a->builder);
}

static int append_type(struct appending *a, uint32_t id, const struct btf_type *t)
{
	const struct skep_btf_rewrite rewrite = { append_id, append_string, a };
	struct btf_type *copy;
	int ret = skep_btf_builder_copy(a->builder, t, &copy);

	if (ret)
		return ret;
	leave_out_members(a, id, copy);
	skep_btf_rewrite(&rewrite, copy);
	return a->failed;
}

int skep_btf_builder_append(struct skep_btf_builder *b, const struct skep_btf *btf, uint32_t *ids,
			    const struct skep_btf_choice *leave_out)
{
	struct appending a = { .builder = b, .btf = btf, .ids = ids, .leave_out = leave_out };
	uint32_t n = skep_btf_count(btf), next = skep_btf_builder_count(b);
	int ret = 0;

	/* Names are used again and again; without the memory for it each is looked up. */
	if (!btf->base)
		a.strings = calloc(btf->strings_len, sizeof(*a.strings));
	skep_btf_note_every(btf);
	ids[0] = 0;
	for (uint32_t id = 1; id < n; id++)
		if (!is_left_out(&a, id))
			ids[id] = next++;
	for (uint32_t id = 1; id < n && !ret; id++)
		if (!is_left_out(&a, id))
			ret = append_type(&a, id, skep_btf_type(btf, id));
	free(a.strings);
	return ret;
}

struct skep_btf *skep_btf_builder_open(struct skep_btf_builder *b, const char *name,
				       bool is_foreign, struct skep_error *err)
{
	struct skep_btf *out;
	const struct skep_btf_opts opts = { .size = sizeof(opts), .name = name };
	size_t len;
	void *raw = skep_btf_builder_finish(b, &len);

	if (!raw) {
		skep_error_nomem(err, SKEP_STAGE_BUILD);
		return NULL;
	}
	out = skep_btf_adopt(raw, len, &opts, err);
	if (out)
		out->is_foreign = is_foreign;
	return out;
}

static int append_all(struct skep_btf_builder *b, const struct skep_btf *const *inputs, size_t n,
		      uint32_t *const *ids, struct skep_error *err)
{
	int ret = 0;

	for (size_t i = 0; i < n && !ret; i++) {
		ret = skep_btf_check(inputs[i], err);
		if (!ret && inputs[i]->base)
			ret = skep_error_set(err, SKEP_STAGE_BUILD, EINVAL,
					     "types that continue those of another BTF cannot be "
					     "merged");
		if (!ret && inputs[i]->is_foreign != inputs[0]->is_foreign)
			ret = skep_error_set(err, SKEP_STAGE_BUILD, EINVAL,
					     "it has another byte order than %s",
					     skep_btf_label(inputs[0]));
		if (ret) {
			skep_error_add_object(err, "%s", skep_btf_label(inputs[i]));
			return ret;
		}
		ret = skep_btf_builder_append(b, inputs[i], ids[i], NULL);
		if (ret)
			skep_error_set_errno(err, SKEP_STAGE_BUILD, ret, "types cannot be merged");
	}
	return ret;
}

static struct skep_btf *merge(const struct skep_btf *const *inputs, size_t n, uint32_t *const *ids,
			      struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_builder) struct skep_btf_builder *b = skep_btf_builder_new();
	SKEP_SCOPED(skep_scoped_free) uint32_t *same = NULL;

	if (!b)
		skep_error_nomem(err, SKEP_STAGE_BUILD);
	if (!b || append_all(b, inputs, n, ids, err))
		return NULL;
	same = calloc(skep_btf_builder_count(b) + 1ul, sizeof(*same));
	if (!same)
		skep_error_nomem(err, SKEP_STAGE_BUILD);
	if (!same || skep_btf_builder_dedup(b, true, same, err))
		return NULL;
	for (size_t i = 0; i < n; i++)
		for (uint32_t id = 0; id < skep_btf_count(inputs[i]); id++)
			ids[i][id] = same[ids[i][id]];
	return skep_btf_builder_open(b, "merged BTF", n && inputs[0]->is_foreign, err);
}

struct skep_btf *skep_btf_merge(const struct skep_btf *const *inputs, size_t n,
				uint32_t *const *ids, struct skep_error *err)
{
	uint32_t **own = NULL;
	struct skep_btf *merged = NULL;
	size_t made = 0;

	if (!inputs)
		return skep_error_null_ptr(err, SKEP_STAGE_BUILD, "list of BTF");
	if (ids)
		return merge(inputs, n, ids, err);
	own = calloc(n + 1, sizeof(*own));
	while (own && made < n) {
		own[made] = calloc(skep_btf_count(inputs[made]) + 1ul, sizeof(**own));
		if (!own[made++])
			break;
	}
	if (own && (!made || own[made - 1]))
		merged = merge(inputs, n, own, err);
	else
		skep_error_nomem(err, SKEP_STAGE_BUILD);
	while (made)
		free(own[--made]);
	free(own);
	return merged;
}

int skep_btf_write(const struct skep_btf *btf, struct skep_text *out, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_free) uint8_t *copy = NULL;
	size_t len;
	const void *raw = skep_btf_data(btf, &len);

	if (!btf || !out)
		return skep_error_null(err, SKEP_STAGE_DELIVER, btf ? "text" : "BTF");
	if (btf->is_foreign) {
		copy = malloc(len);
		if (!copy)
			return skep_error_nomem(err, SKEP_STAGE_DELIVER);
		skep_btf_turn_round(memcpy(copy, raw, len));
		raw = copy;
	}
	skep_text_bytes(out, raw, len);
	return out->failed ? skep_error_nomem(err, SKEP_STAGE_DELIVER) : 0;
}
