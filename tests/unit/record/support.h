/* SPDX-License-Identifier: MIT */
/* Records of types that are made by hand, written as lines. */
#ifndef SKEP_TESTS_RECORD_SUPPORT_H
#define SKEP_TESTS_RECORD_SUPPORT_H

#include <errno.h>
#include <skep/record.h>

#include "test.h"
#include "unit/json_check.h"

#include "btf/builder.h"

/* Ids of the types that every builder of these tests begins with. */
enum {
	U8 = 1,
	S8,
	U16,
	S16,
	U32,
	S32,
	U64,
	S64,
	CHAR,
	BOOL,
	FLOAT,
	DOUBLE,
	U128,
	S128,
	VOID_PTR,
	N_BASE
};

static inline struct skep_btf_builder *new_types(void)
{
	struct skep_btf_builder *b = skep_btf_builder_new();
	const struct btf_type f = { .info = BTF_KIND_FLOAT << 24, .size = 4 };
	const struct btf_type d = { .info = BTF_KIND_FLOAT << 24, .size = 8 };

	assert_non_null(b);
	skep_btf_builder_int(b, "unsigned char", 1, 0);
	skep_btf_builder_int(b, "signed char", 1, BTF_INT_SIGNED);
	skep_btf_builder_int(b, "unsigned short", 2, 0);
	skep_btf_builder_int(b, "short", 2, BTF_INT_SIGNED);
	skep_btf_builder_int(b, "unsigned int", 4, 0);
	skep_btf_builder_int(b, "int", 4, BTF_INT_SIGNED);
	skep_btf_builder_int(b, "unsigned long long", 8, 0);
	skep_btf_builder_int(b, "long long", 8, BTF_INT_SIGNED);
	skep_btf_builder_int(b, "char", 1, BTF_INT_SIGNED);
	skep_btf_builder_int(b, "_Bool", 1, BTF_INT_BOOL);
	skep_btf_builder_add(b, &f, NULL, 0);
	skep_btf_builder_add(b, &d, NULL, 0);
	skep_btf_builder_int(b, "unsigned __int128", 16, 0);
	skep_btf_builder_int(b, "__int128", 16, BTF_INT_SIGNED);
	assert_int_equal(skep_btf_builder_ref(b, BTF_KIND_PTR, NULL, 0), VOID_PTR);
	return b;
}

/* A note about the @part-th member of @type, or about @type itself. */
static inline void tag(struct skep_btf_builder *b, uint32_t type, int32_t part, const char *text)
{
	const struct btf_type t = { .name_off = (uint32_t)skep_btf_builder_string(b, text),
				    .info = BTF_KIND_DECL_TAG << 24,
				    .type = type };

	assert_true(skep_btf_builder_add(b, &t, &part, sizeof(part)) > 0);
}

/* The schema of @type, 0: the last one. The builder is freed, BTF is not needed any longer. */
static inline struct skep_schema *try_type(struct skep_btf_builder *b, uint32_t type,
					   struct skep_error *err)
{
	size_t len;
	void *raw = skep_btf_builder_finish(b, &len);
	struct skep_btf *btf = skep_btf_new(raw, len, NULL, NULL);
	struct skep_schema *schema;

	assert_non_null(btf);
	schema = skep_schema_new(btf, type ?: skep_btf_count(btf) - 1, NULL, err);
	skep_btf_free(btf);
	free(raw);
	skep_btf_builder_free(b);
	return schema;
}

/* struct one { TYPE x SKEP_AS(...); } of a base type, or of an array of @n of them. */
static inline struct skep_schema *try_one(uint32_t type, uint32_t size, uint32_t n,
					  const char *text, struct skep_error *err)
{
	struct skep_btf_builder *b = new_types();
	uint32_t id = (uint32_t)(n ? skep_btf_builder_array(b, type, U32, n) : type);
	uint32_t one = (uint32_t)skep_btf_builder_composite(b, BTF_KIND_STRUCT, "one", size);

	skep_btf_builder_member(b, "x", id, 0, 0);
	tag(b, one, 0, text);
	return try_type(b, one, err);
}

/* The last type of the builder as a schema. */
static inline struct skep_schema *try_schema(struct skep_btf_builder *b, struct skep_error *err)
{
	return try_type(b, 0, err);
}

static inline struct skep_schema *last_type(struct skep_btf_builder *b)
{
	struct skep_error err = { 0 };
	struct skep_schema *schema = try_schema(b, &err);

	assert_ok(schema, &err);
	return schema;
}

/* struct one { TYPE x; }, of which @data is a record. */
static inline struct skep_schema *one_member(struct skep_btf_builder *b, uint32_t type,
					     uint32_t size)
{
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "one", size);
	skep_btf_builder_member(b, "x", type, 0, 0);
	return last_type(b);
}

static char line[1 << 16];

/* A record of @len bytes as JSON, which is checked to be JSON. Static storage. */
static inline const char *json(const struct skep_schema *schema, const void *data, size_t len)
{
	struct skep_text text = { 0 };
	/* Of just this length, so that a sanitizer sees a read behind its end. */
	uint8_t *copy = malloc(len ? len : 1);

	memcpy(copy, data, len);
	skep_record_write_json(schema, copy, len, &text);
	free(copy);
	snprintf(line, sizeof(line), "%s", skep_text_string(&text));
	assert_true(is_json_line(text.data, text.len));
	skep_text_free(&text);
	line[strcspn(line, "\n")] = '\0';
	return line;
}

static inline const char *columns(const struct skep_schema *schema, const void *data, size_t len)
{
	struct skep_text text = { 0 };
	uint8_t *copy = malloc(len ? len : 1);

	memcpy(copy, data, len);
	skep_record_write_text(schema, copy, len, &text);
	free(copy);
	snprintf(line, sizeof(line), "%s", skep_text_string(&text));
	skep_text_free(&text);
	return line;
}

#endif
