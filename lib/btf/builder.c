// SPDX-License-Identifier: MIT
/* Types and strings are appended as they are in the file; only the header comes at the end. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "btf/btf.h"
#include "btf/building.h"
#include "btf/swap.h"

#define MAX_BYTES	(1u << 29) /* of types and of strings, as skep_btf_new reads them */
#define MAX_MEMBERS	0xffff
#define MAX_BITFIELD_AT 0xffffff

struct skep_btf_builder *skep_btf_builder_new(void)
{
	struct skep_btf_builder *b = calloc(1, sizeof(*b));

	if (b && !skep_vec_push(&b->strings)) {
		free(b);
		return NULL;
	}
	if (b)
		b->count = 1;
	return b;
}

struct skep_btf_builder *skep_btf_builder_new_split(const struct skep_btf *base)
{
	struct skep_btf_builder *b = calloc(1, sizeof(*b));

	if (b) {
		b->count = skep_btf_count(base);
		b->first_string = base->first_string + base->strings_len;
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

uint32_t skep_btf_builder_count(const struct skep_btf_builder *b)
{
	return b->count;
}

int64_t skep_btf_builder_string(struct skep_btf_builder *b, const char *s)
{
	size_t len = s ? strlen(s) : 0;
	uintptr_t *place;
	bool is_new;
	char *key;

	if (!len)
		return 0;
	/* BTFs that repeat each other ask for the same strings in the same order. */
	if (len < b->strings.len - b->next && !memcmp(b->strings.items + b->next, s, len + 1)) {
		b->next += len + 1;
		return (int64_t)(b->first_string + b->next - len - 1);
	}
	place = skep_hash_get(&b->offsets, s, len);
	if (place) {
		b->next = *place - b->first_string + len + 1;
		return (int64_t)*place;
	}
	if (len >= MAX_BYTES - b->strings.len)
		return -E2BIG;
	key = skep_arena_string(&b->keys, s, len);
	if (!key || skep_vec_reserve(&b->strings, len + 1))
		return -ENOMEM;
	place = skep_hash_put(&b->offsets, key, len, &is_new);
	if (!place)
		return -ENOMEM;
	*place = b->first_string + b->strings.len;
	memcpy(b->strings.items + b->strings.len, s, len + 1);
	b->strings.len += len + 1;
	b->next = b->strings.len;
	return (int64_t)*place;
}

static struct btf_type *last_type(struct skep_btf_builder *b)
{
	return (struct btf_type *)(b->types.items + b->last);
}

static int append(struct skep_btf_builder *b, const void *data, size_t len)
{
	if (len > MAX_BYTES - b->types.len)
		return -E2BIG;
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
	int ret;

	if (extra_len > MAX_BYTES ||
	    skep_btf_type_len(type, UINT32_MAX) != sizeof(*type) + extra_len)
		return -EINVAL;
	ret = append(b, type, sizeof(*type)) ?: append(b, extra, extra_len);
	if (ret) {
		b->types.len = at;
		return ret;
	}
	b->last = at;
	return b->count++;
}

int skep_btf_builder_copy(struct skep_btf_builder *b, const struct btf_type *type,
			  struct btf_type **copy)
{
	uint32_t len = skep_btf_type_len(type, UINT32_MAX);
	size_t at = b->types.len;
	int ret = len ? append(b, type, len) : -EINVAL;

	if (ret)
		return ret;
	b->last = at;
	b->count++;
	*copy = (void *)(b->types.items + at);
	return 0;
}

void skep_btf_builder_shorten(struct skep_btf_builder *b)
{
	b->types.len = b->last + skep_btf_type_len(last_type(b), UINT32_MAX);
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

#define IS_FLAGGED (1u << 31) /* offsets have a width, values a sign */

static bool last_is(struct skep_btf_builder *b, uint16_t one, uint16_t other)
{
	uint16_t kind = b->types.len ? skep_btf_kind(last_type(b)) : BTF_KIND_UNKN;

	return kind == one || kind == other;
}

static int extend_last(struct skep_btf_builder *b, const void *member, size_t len)
{
	int ret = skep_btf_vlen(last_type(b)) < MAX_MEMBERS ? append(b, member, len) : -E2BIG;

	if (!ret)
		last_type(b)->info++;
	return ret;
}

/* The first bitfield takes eight bits of all offsets for a width, also of those before it. */
static bool fits(const struct btf_type *t, uint32_t bit_offset, uint32_t bit_width)
{
	bool is_plain = !bit_width && !BTF_INFO_KFLAG(t->info);

	for (uint16_t i = 0; bit_width && i < skep_btf_vlen(t); i++)
		if (!BTF_INFO_KFLAG(t->info) && skep_btf_members(t)[i].offset > MAX_BITFIELD_AT)
			return false;
	return is_plain || (bit_offset <= MAX_BITFIELD_AT && bit_width <= UINT8_MAX);
}

int skep_btf_builder_member(struct skep_btf_builder *b, const char *name, uint32_t type,
			    uint32_t bit_offset, uint32_t bit_width)
{
	struct btf_member member = { .type = type, .offset = bit_width << 24 | bit_offset };
	int64_t off;
	int ret;

	if (!last_is(b, BTF_KIND_STRUCT, BTF_KIND_UNION))
		return -EINVAL;
	if (!fits(last_type(b), bit_offset, bit_width))
		return -ERANGE;
	off = skep_btf_builder_string(b, name);
	if (off < 0)
		return (int)off;
	member.name_off = (uint32_t)off;
	ret = extend_last(b, &member, sizeof(member));
	if (!ret && bit_width)
		last_type(b)->info |= IS_FLAGGED;
	return ret;
}

int64_t skep_btf_builder_enum(struct skep_btf_builder *b, const char *name, uint32_t size,
			      bool is_signed)
{
	int64_t id = add(b, size == 8 ? BTF_KIND_ENUM64 : BTF_KIND_ENUM, name, size, NULL, 0);

	if (id > 0 && is_signed)
		last_type(b)->info |= IS_FLAGGED;
	return id;
}

int skep_btf_builder_value(struct skep_btf_builder *b, const char *name, int64_t value)
{
	struct btf_enum64 wide = { .val_lo32 = (uint32_t)value,
				   .val_hi32 = (uint32_t)((uint64_t)value >> 32) };
	struct btf_enum narrow = { .val = (int32_t)value };
	int64_t off;

	if (!last_is(b, BTF_KIND_ENUM, BTF_KIND_ENUM64))
		return -EINVAL;
	if (last_is(b, BTF_KIND_ENUM, BTF_KIND_ENUM) && (value < INT32_MIN || value > UINT32_MAX))
		return -ERANGE;
	off = skep_btf_builder_string(b, name);
	if (off < 0)
		return (int)off;
	wide.name_off = narrow.name_off = (uint32_t)off;
	if (last_is(b, BTF_KIND_ENUM64, BTF_KIND_ENUM64))
		return extend_last(b, &wide, sizeof(wide));
	return extend_last(b, &narrow, sizeof(narrow));
}

static struct btf_header header_of(const struct skep_btf_builder *b)
{
	return (struct btf_header){
		.magic = BTF_MAGIC,
		.version = BTF_VERSION,
		.hdr_len = sizeof(struct btf_header),
		.type_len = (uint32_t)b->types.len,
		.str_off = (uint32_t)b->types.len,
		.str_len = (uint32_t)b->strings.len,
	};
}

int skep_btf_builder_write(struct skep_btf_builder *b, bool is_foreign, struct skep_text *out)
{
	struct btf_header header = header_of(b);
	size_t len;
	void *raw;

	if (is_foreign) {
		raw = skep_btf_builder_finish(b, &len);
		if (!raw)
			return -ENOMEM;
		skep_btf_turn_round(raw);
		skep_text_bytes(out, raw, len);
		free(raw);
	} else {
		skep_text_bytes(out, &header, sizeof(header));
		skep_text_bytes(out, b->types.items, b->types.len);
		skep_text_bytes(out, b->strings.items, b->strings.len);
	}
	return out->failed ? -ENOMEM : 0;
}

void *skep_btf_builder_finish(struct skep_btf_builder *b, size_t *len)
{
	struct btf_header header = header_of(b);
	uint8_t *raw;

	*len = sizeof(header) + b->types.len + b->strings.len;
	raw = malloc(*len);
	if (!raw)
		return NULL;
	memcpy(raw, &header, sizeof(header));
	if (b->types.len)
		memcpy(raw + sizeof(header), b->types.items, b->types.len);
	if (b->strings.len)
		memcpy(raw + sizeof(header) + b->types.len, b->strings.items, b->strings.len);
	return raw;
}
