// SPDX-License-Identifier: MIT
#include "btf/builder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/vec.h"

struct skep_btf_builder {
	struct skep_vec(uint8_t) types;
	struct skep_vec(char) strings;
	struct skep_hash offsets; /* of strings; keys are in the arena */
	struct skep_arena keys;
	uint32_t n;
	size_t last; /* where the last type begins */
};

struct skep_btf_builder *skep_btf_builder_new(void)
{
	struct skep_btf_builder *b = calloc(1, sizeof(*b));

	if (b && !skep_vec_push(&b->strings)) {
		free(b);
		return NULL;
	}
	return b;
}

void skep_btf_builder_free(struct skep_btf_builder *b)
{
	if (!b)
		return;
	skep_vec_free(&b->types);
	skep_vec_free(&b->strings);
	skep_hash_free(&b->offsets);
	skep_arena_free(&b->keys);
	free(b);
}

static int append_string(struct skep_btf_builder *b, const char *s, size_t size)
{
	if (skep_vec_reserve(&b->strings, size))
		return -ENOMEM;
	memcpy(b->strings.items + b->strings.len, s, size);
	b->strings.len += size;
	return 0;
}

int64_t skep_btf_builder_string(struct skep_btf_builder *b, const char *s)
{
	size_t len = s ? strlen(s) : 0, at = b->strings.len;
	uintptr_t *place;
	bool is_new;
	char *key;

	if (!len)
		return 0;
	place = skep_hash_get(&b->offsets, s, len);
	if (place)
		return (int64_t)*place;
	key = skep_arena_string(&b->keys, s, len);
	if (!key || append_string(b, s, len + 1))
		return -ENOMEM;
	place = skep_hash_put(&b->offsets, key, len, &is_new);
	if (!place)
		return -ENOMEM;
	*place = at;
	return (int64_t)at;
}

static int append(struct skep_btf_builder *b, const void *data, size_t len)
{
	if (skep_vec_reserve(&b->types, len))
		return -ENOMEM;
	if (len)
		memcpy(b->types.items + b->types.len, data, len);
	b->types.len += len;
	return 0;
}

int64_t skep_btf_builder_add(struct skep_btf_builder *b, const struct btf_type *type,
			     const void *extra, size_t extra_len)
{
	size_t at = b->types.len;

	if (append(b, type, sizeof(*type)) || append(b, extra, extra_len)) {
		b->types.len = at;
		return -ENOMEM;
	}
	b->last = at;
	return ++b->n;
}

/* A type of this kind with a name; `last` (size or type) is the word of the union. */
static int64_t add(struct skep_btf_builder *b, uint32_t kind, const char *name, uint32_t word,
		   const void *extra, size_t extra_len)
{
	int64_t off = skep_btf_builder_string(b, name);
	struct btf_type type = { .info = kind << 24, .size = word };

	if (off < 0)
		return off;
	type.name_off = (uint32_t)off;
	return skep_btf_builder_add(b, &type, extra, extra_len);
}

int64_t skep_btf_builder_int(struct skep_btf_builder *b, const char *name, uint32_t size,
			     uint32_t encoding)
{
	uint32_t bits = encoding << 24 | size * 8;

	return add(b, BTF_KIND_INT, name, size, &bits, sizeof(bits));
}

int64_t skep_btf_builder_ref(struct skep_btf_builder *b, uint32_t kind, const char *name,
			     uint32_t type)
{
	return add(b, kind, name, type, NULL, 0);
}

int64_t skep_btf_builder_array(struct skep_btf_builder *b, uint32_t elem, uint32_t index,
			       uint32_t n)
{
	struct btf_array array = { .type = elem, .index_type = index, .nelems = n };

	return add(b, BTF_KIND_ARRAY, NULL, 0, &array, sizeof(array));
}

int64_t skep_btf_builder_composite(struct skep_btf_builder *b, uint32_t kind, const char *name,
				   uint32_t size)
{
	return add(b, kind, name, size, NULL, 0);
}

static struct btf_type *last(struct skep_btf_builder *b)
{
	return (struct btf_type *)(b->types.items + b->last);
}

/* Until the first bitfield offsets are plain; then those before it have width 0 already. */
int skep_btf_builder_member(struct skep_btf_builder *b, const char *name, uint32_t type,
			    uint32_t bit_offset, uint32_t bit_width)
{
	int64_t off = skep_btf_builder_string(b, name);
	struct btf_member member = { .type = type, .offset = bit_width << 24 | bit_offset };

	if (off < 0)
		return (int)off;
	member.name_off = (uint32_t)off;
	if (append(b, &member, sizeof(member)))
		return -ENOMEM;
	last(b)->info++;
	if (bit_width)
		last(b)->info |= 1u << 31;
	return 0;
}

int64_t skep_btf_builder_enum(struct skep_btf_builder *b, const char *name, uint32_t size,
			      bool is_signed)
{
	int64_t id = add(b, size == 8 ? BTF_KIND_ENUM64 : BTF_KIND_ENUM, name, size, NULL, 0);

	if (id > 0 && is_signed)
		last(b)->info |= 1u << 31;
	return id;
}

int skep_btf_builder_value(struct skep_btf_builder *b, const char *name, int64_t value)
{
	int64_t off = skep_btf_builder_string(b, name);
	struct btf_enum64 wide = { .val_lo32 = (uint32_t)value,
				   .val_hi32 = (uint32_t)((uint64_t)value >> 32) };
	struct btf_enum narrow = { .val = (int32_t)value };
	bool is_wide = BTF_INFO_KIND(last(b)->info) == BTF_KIND_ENUM64;

	if (off < 0)
		return (int)off;
	wide.name_off = narrow.name_off = (uint32_t)off;
	if (append(b, is_wide ? (void *)&wide : &narrow, is_wide ? sizeof(wide) : sizeof(narrow)))
		return -ENOMEM;
	last(b)->info++;
	return 0;
}

void *skep_btf_builder_finish(struct skep_btf_builder *b, size_t *len)
{
	struct btf_header header = {
		.magic = BTF_MAGIC,
		.version = BTF_VERSION,
		.hdr_len = sizeof(header),
		.type_len = (uint32_t)b->types.len,
		.str_off = (uint32_t)b->types.len,
		.str_len = (uint32_t)b->strings.len,
	};
	uint8_t *raw;

	*len = sizeof(header) + b->types.len + b->strings.len;
	raw = malloc(*len);
	if (!raw)
		return NULL;
	memcpy(raw, &header, sizeof(header));
	if (b->types.len)
		memcpy(raw + sizeof(header), b->types.items, b->types.len);
	memcpy(raw + sizeof(header) + b->types.len, b->strings.items, b->strings.len);
	return raw;
}
