// SPDX-License-Identifier: MIT
#include "btf/rewrite.h"

#include "btf/btf.h"

typedef uint32_t (*word_fn)(void *ctx, uint32_t word);

static void rewrite_words(word_fn fn, void *ctx, uint32_t *words, uint32_t n, uint32_t stride)
{
	for (uint32_t i = 0; fn && i < n; i++) {
		uint32_t *word = &words[(size_t)i * stride], now = fn(ctx, *word);

		if (now != *word)
			*word = now;
	}
}

/* Words of a member, value, parameter or variable, of which the first are its name and type. */
struct layout {
	uint8_t words;
	bool has_name, has_type;
	bool is_reference; /* struct btf_type refers to a type itself */
};

static const struct layout layouts[] = {
	[BTF_KIND_PTR] = { .is_reference = true },
	[BTF_KIND_STRUCT] = { 3, true, true, false },
	[BTF_KIND_UNION] = { 3, true, true, false },
	[BTF_KIND_ENUM] = { 2, true, false, false },
	[BTF_KIND_TYPEDEF] = { .is_reference = true },
	[BTF_KIND_VOLATILE] = { .is_reference = true },
	[BTF_KIND_CONST] = { .is_reference = true },
	[BTF_KIND_RESTRICT] = { .is_reference = true },
	[BTF_KIND_FUNC] = { .is_reference = true },
	[BTF_KIND_FUNC_PROTO] = { 2, true, true, true },
	[BTF_KIND_VAR] = { .is_reference = true },
	[BTF_KIND_DATASEC] = { 3, false, true, false },
	[BTF_KIND_DECL_TAG] = { .is_reference = true },
	[BTF_KIND_TYPE_TAG] = { .is_reference = true },
	[BTF_KIND_ENUM64] = { 3, true, false, false },
};

static struct layout layout_of(const struct btf_type *t)
{
	static const struct layout none;
	uint16_t kind = skep_btf_kind(t);

	return kind < sizeof(layouts) / sizeof(layouts[0]) ? layouts[kind] : none;
}

void skep_btf_rewrite(const struct skep_btf_rewrite *r, struct btf_type *t)
{
	uint32_t n = skep_btf_vlen(t), *words = (uint32_t *)(t + 1);
	struct layout layout = layout_of(t);

	rewrite_words(r->string, r->ctx, &t->name_off, 1, 1);
	if (skep_btf_kind(t) == BTF_KIND_ARRAY)
		rewrite_words(r->id, r->ctx, words, 2, 1);
	if (layout.is_reference)
		rewrite_words(r->id, r->ctx, &t->type, 1, 1);
	if (layout.has_name)
		rewrite_words(r->string, r->ctx, words, n, layout.words);
	if (layout.has_type)
		rewrite_words(r->id, r->ctx, words + layout.has_name, n, layout.words);
}

struct skep_btf_refs skep_btf_refs(const struct btf_type *t)
{
	const uint32_t *words = (const uint32_t *)(t + 1);
	struct layout layout = layout_of(t);

	if (skep_btf_kind(t) == BTF_KIND_ARRAY)
		return (struct skep_btf_refs){ .more = words, .n_more = 2, .stride = 1 };
	return (struct skep_btf_refs){
		.own = layout.is_reference ? &t->type : NULL,
		.more = words + layout.has_name,
		.n_more = layout.has_type ? skep_btf_vlen(t) : 0,
		.stride = layout.words,
	};
}

/* The words behind struct btf_type, of which the one at @id of every @stride is a reference. */
struct behind {
	const uint32_t *words;
	uint32_t n, stride, id;
};

static struct behind behind(const struct btf_type *t)
{
	const uint32_t *words = (const uint32_t *)(t + 1);
	struct layout layout = layout_of(t);
	uint32_t n = (skep_btf_type_len(t, UINT32_MAX) - (uint32_t)sizeof(*t)) / 4;

	if (skep_btf_kind(t) == BTF_KIND_ARRAY)
		return (struct behind){ words + 2, 1, 1, 1 };
	if (layout.has_type)
		return (struct behind){ words, n, layout.words, layout.has_name };
	return (struct behind){ words, n, n, n };
}

static uint64_t mix(uint64_t hash, uint32_t word)
{
	hash = (hash ^ word) * 0x9e3779b97f4a7c15ull;
	return hash ^ hash >> 29;
}

uint64_t skep_btf_shape(const struct btf_type *t)
{
	uint64_t hash = mix(mix(0, t->info), t->name_off);
	struct behind b = behind(t);

	if (!layout_of(t).is_reference)
		hash = mix(hash, t->size);
	for (uint32_t i = 0; i < b.n; i += b.stride)
		for (uint32_t k = 0; k < b.stride; k++)
			if (k != b.id)
				hash = mix(hash, b.words[i + k]);
	return hash;
}

bool skep_btf_same_shape(const struct btf_type *t, const struct btf_type *other)
{
	struct behind a = behind(t), b = behind(other);

	if (t->info != other->info || t->name_off != other->name_off ||
	    (t->size != other->size && !layout_of(t).is_reference))
		return false;
	for (uint32_t i = 0; i < a.n; i += a.stride)
		for (uint32_t k = 0; k < a.stride; k++)
			if (k != a.id && a.words[i + k] != b.words[i + k])
				return false;
	return true;
}
