// SPDX-License-Identifier: MIT
#include "btf/rewrite.h"

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

void skep_btf_rewrite(const struct skep_btf_rewrite *r, struct btf_type *t)
{
	uint16_t kind = skep_btf_kind(t);
	uint32_t n = skep_btf_vlen(t), *words = (uint32_t *)(t + 1);
	struct layout layout = { 0 };

	rewrite_words(r->string, r->ctx, &t->name_off, 1, 1);
	if (kind == BTF_KIND_ARRAY)
		rewrite_words(r->id, r->ctx, words, 2, 1);
	if (kind < sizeof(layouts) / sizeof(layouts[0]))
		layout = layouts[kind];
	if (layout.is_reference)
		rewrite_words(r->id, r->ctx, &t->type, 1, 1);
	if (layout.has_name)
		rewrite_words(r->string, r->ctx, words, n, layout.words);
	if (layout.has_type)
		rewrite_words(r->id, r->ctx, words + layout.has_name, n, layout.words);
}
