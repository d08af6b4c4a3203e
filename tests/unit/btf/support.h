/* SPDX-License-Identifier: MIT */
/* Types made by hand. */
#ifndef SKEP_TESTS_BTF_SUPPORT_H
#define SKEP_TESTS_BTF_SUPPORT_H

#include <errno.h>
#include <skep/btf.h>

#include "test.h"

#include "btf/builder.h"

/* Raw BTF, finished and with its builder freed; the caller frees the bytes. */
static inline uint8_t *finish(struct skep_btf_builder *b, size_t *len)
{
	uint8_t *raw = skep_btf_builder_finish(b, len);

	assert_non_null(raw);
	skep_btf_builder_free(b);
	return raw;
}

static inline struct skep_btf *open_raw(const void *raw, size_t len, const struct skep_btf *base)
{
	const struct skep_btf_opts opts = { .size = sizeof(opts), .base = base, .name = "made" };
	struct skep_error err = { 0 };
	struct skep_btf *btf = skep_btf_new(raw, len, &opts, &err);

	assert_ok(btf, &err);
	return btf;
}

/*
 * 1 int, 2 char, 3 struct node { int value; struct node *next; char name[16]; }, 4 its pointer,
 * 5 char[16], 6 typedef node_t, 7 const node_t, 8 enum colour, 9 enum64, 10 long
 */
static inline struct skep_btf_builder *some_types(void)
{
	struct skep_btf_builder *b = skep_btf_builder_new();

	assert_non_null(b);
	assert_int_equal(skep_btf_builder_int(b, "int", 4, BTF_INT_SIGNED), 1);
	assert_int_equal(skep_btf_builder_int(b, "char", 1, BTF_INT_SIGNED), 2);
	assert_int_equal(skep_btf_builder_composite(b, BTF_KIND_STRUCT, "node", 32), 3);
	skep_btf_builder_member(b, "value", 1, 0, 0);
	skep_btf_builder_member(b, "next", 4, 64, 0);
	skep_btf_builder_member(b, "name", 5, 128, 0);
	assert_int_equal(skep_btf_builder_ref(b, BTF_KIND_PTR, NULL, 3), 4);
	assert_int_equal(skep_btf_builder_array(b, 2, 1, 16), 5);
	assert_int_equal(skep_btf_builder_ref(b, BTF_KIND_TYPEDEF, "node_t", 3), 6);
	assert_int_equal(skep_btf_builder_ref(b, BTF_KIND_CONST, NULL, 6), 7);
	assert_int_equal(skep_btf_builder_enum(b, "colour", 4, true), 8);
	skep_btf_builder_value(b, "RED", 0);
	skep_btf_builder_value(b, "NONE", -1);
	assert_int_equal(skep_btf_builder_enum(b, "wide", 8, false), 9);
	skep_btf_builder_value(b, "BIG", 1ll << 40);
	assert_int_equal(skep_btf_builder_int(b, "long", 8, BTF_INT_SIGNED), 10);
	return b;
}

/* Into the other byte order: after the header's first word and before the strings, all is words. */
static inline void turn_round(uint8_t *raw, size_t len)
{
	struct btf_header header;
	uint8_t first = raw[0];

	memcpy(&header, raw, sizeof(header));
	raw[0] = raw[1];
	raw[1] = first;
	for (size_t at = 4; at < sizeof(header) + header.type_len && at + 4 <= len; at += 4) {
		uint32_t word;

		memcpy(&word, raw + at, sizeof(word));
		word = __builtin_bswap32(word);
		memcpy(raw + at, &word, sizeof(word));
	}
}

#endif
