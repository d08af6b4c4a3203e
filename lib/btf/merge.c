// SPDX-License-Identifier: MIT
/* The types of several BTFs in one, each there once. */
#include "btf/merge.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "btf/btf.h"
#include "btf/classes.h"
#include "btf/raw.h"
#include "btf/rewrite.h"
#include "btf/swap.h"

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
}

/*
 * A copy, since the BTF itself never changes. Types are of any length: a struct may have 65,535
 * members.
 */
static int append_type(struct appending *a, uint32_t id, const struct btf_type *t)
{
	const struct skep_btf_rewrite rewrite = { append_id, append_string, a };
	uint32_t len = skep_btf_type_len(t, UINT32_MAX);
	uint32_t small[64];
	SKEP_SCOPED(skep_scoped_free) uint32_t *large = len > sizeof(small) ? malloc(len) : NULL;
	struct btf_type *copy = (void *)(len > sizeof(small) ? large : small);
	int64_t added;

	if (!copy)
		return -ENOMEM;
	memcpy(copy, t, len);
	leave_out_members(a, id, copy);
	skep_btf_rewrite(&rewrite, copy);
	if (a->failed)
		return a->failed;
	len = skep_btf_type_len(copy, UINT32_MAX);
	added = skep_btf_builder_add(a->builder, copy, copy + 1, len - sizeof(*copy));
	return added < 0 ? (int)added : 0;
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

struct renumbering {
	const uint32_t *same;	 /* which type stands for each */
	const uint32_t *numbers; /* of those that do */
};

static uint32_t renumber(void *ctx, uint32_t id)
{
	const struct renumbering *r = ctx;

	return r->numbers[r->same[id]];
}

/* The types that stand for others, and the strings as they are. */
static void *write_kept(const struct skep_btf *btf, struct renumbering *r, size_t *len)
{
	const struct skep_btf_rewrite rewrite = { .id = renumber, .ctx = r };
	struct btf_header header = { .magic = BTF_MAGIC,
				     .version = BTF_VERSION,
				     .hdr_len = sizeof(header) };
	uint8_t *raw = malloc(sizeof(header) + btf->types_len + btf->strings_len), *at;

	if (!raw)
		return NULL;
	at = raw + sizeof(header);
	for (uint32_t id = 1; id < btf->count; id++) {
		const struct btf_type *t = skep_btf_type(btf, id);
		uint32_t type_len = skep_btf_type_len(t, UINT32_MAX);

		if (r->same[id] != id)
			continue;
		memcpy(at, t, type_len);
		skep_btf_rewrite(&rewrite, (void *)at);
		at += type_len;
	}
	header.type_len = header.str_off = (uint32_t)(at - raw - sizeof(header));
	header.str_len = btf->strings_len;
	memcpy(raw, &header, sizeof(header));
	memcpy(at, btf->strings, btf->strings_len);
	*len = (size_t)(at - raw) + btf->strings_len;
	return raw;
}

struct skep_btf *skep_btf_dedup(const struct skep_btf *btf, uint32_t *ids, struct skep_error *err)
{
	const struct skep_btf_opts opts = { .size = sizeof(opts), .name = skep_btf_label(btf) };
	uint32_t n = skep_btf_count(btf), next = 1;
	SKEP_SCOPED(skep_scoped_free) uint32_t *numbers = calloc(n + 1ul, sizeof(*numbers));
	struct renumbering r = { ids, numbers };
	struct skep_btf *out;
	void *raw = NULL;
	size_t len;

	if (numbers && skep_btf_classes(btf, ids, err))
		return NULL;
	for (uint32_t id = 1; numbers && id < n; id++)
		numbers[id] = ids[id] == id ? next++ : 0;
	raw = numbers ? write_kept(btf, &r, &len) : NULL;
	if (!raw) {
		skep_error_nomem(err, SKEP_STAGE_BUILD);
		return NULL;
	}
	for (uint32_t id = 1; id < n; id++)
		ids[id] = renumber(&r, id);
	out = skep_btf_adopt(raw, len, &opts, err);
	if (out)
		out->is_foreign = btf->is_foreign;
	return out;
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
	struct skep_btf_builder *b = skep_btf_builder_new();
	struct skep_btf *all = NULL, *merged = NULL;
	uint32_t *same = NULL;

	if (!b)
		skep_error_nomem(err, SKEP_STAGE_BUILD);
	else if (!append_all(b, inputs, n, ids, err))
		all = skep_btf_builder_open(b, "merged BTF", n && inputs[0]->is_foreign, err);
	skep_btf_builder_free(b);
	if (all) {
		same = calloc(skep_btf_count(all) + 1ul, sizeof(*same));
		if (same)
			merged = skep_btf_dedup(all, same, err);
		else
			skep_error_nomem(err, SKEP_STAGE_BUILD);
	}
	for (size_t i = 0; merged && i < n; i++)
		for (uint32_t id = 0; id < skep_btf_count(inputs[i]); id++)
			ids[i][id] = same[ids[i][id]];
	free(same);
	skep_btf_free(all);
	return merged;
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
