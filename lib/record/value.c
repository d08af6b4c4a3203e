// SPDX-License-Identifier: MIT
/* One leaf's value as text. */
#include <stdio.h>
#include <stdlib.h>

#include "base/integer.h"
#include "record/plan.h"
#include "record/stack.h"

typedef unsigned __int128 u128;

static u128 load(const uint8_t *at, uint32_t size)
{
	u128 v128;

	if (size <= 8)
		return skep_int_load(at, size);
	memcpy(&v128, at, sizeof(v128));
	return v128;
}

/* Bitfields are counted from the lowest bit on little-endian machines, else from the highest. */
static u128 load_bits(const struct skep_node *node, const uint8_t *at)
{
	u128 value = 0;

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	for (uint32_t i = node->size; i--;)
		value = value << 8 | at[i];
	value >>= node->shift;
#else
	for (uint32_t i = 0; i < node->size; i++)
		value = value << 8 | at[i];
	value >>= node->size * 8 - node->shift - node->width;
#endif
	return value & (((u128)1 << node->width) - 1);
}

static u128 load_unsigned(const struct skep_node *node, const uint8_t *at)
{
	return node->width ? load_bits(node, at) : load(at, node->size);
}

static __int128 load_signed(const struct skep_node *node, const uint8_t *at)
{
	int unused = 128 - (node->width ? node->width : (int)node->size * 8);

	return (__int128)(load_unsigned(node, at) << unused) >> unused;
}

uint64_t skep_node_number(const struct skep_node *node, const uint8_t *at)
{
	bool is_signed = node->kind == SKEP_NODE_SIGNED ||
			 (node->kind == SKEP_NODE_ENUM && node->names->is_signed);

	return (uint64_t)(is_signed ? (u128)load_signed(node, at) : load_unsigned(node, at));
}

bool skep_node_is_long(const struct skep_node *node, const uint8_t *at)
{
	if (node->size <= 8 || node->width)
		return false;
	if (node->kind == SKEP_NODE_SIGNED)
		return load_signed(node, at) != (int64_t)load_signed(node, at);
	return load_unsigned(node, at) >> 64 != 0;
}

/* Nineteen digits fit into 64 bits. */
static void write_u128(struct skep_text *out, u128 value)
{
	const uint64_t most = 10000000000000000000ull;
	char digits[20];

	if (value >> 64 == 0) {
		skep_text_u64(out, (uint64_t)value);
		return;
	}
	write_u128(out, value / most);
	snprintf(digits, sizeof(digits), "%019llu", (unsigned long long)(value % most));
	skep_text_bytes(out, digits, 19);
}

static void write_i128(struct skep_text *out, __int128 value)
{
	if (value < 0)
		skep_text_char(out, '-');
	write_u128(out, value < 0 ? 0 - (u128)value : (u128)value);
}

static void write_quoted(const char *s, size_t len, bool quoted, struct skep_text *out)
{
	if (quoted)
		skep_text_json_string(out, s, len);
	else
		skep_text_escaped(out, s, len);
}

const struct skep_enum_value *skep_enum_find(const struct skep_enum *names, uint64_t value)
{
	size_t low = 0, high = names->len;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (names->values[mid].value == value)
			return &names->values[mid];
		if (names->values[mid].value < value)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

static void write_enum(const struct skep_node *node, const uint8_t *at, bool quoted,
		       struct skep_text *out)
{
	bool is_signed = node->names->is_signed;
	uint64_t value = skep_node_number(node, at);
	const struct skep_enum_value *name = skep_enum_find(node->names, value);

	if (name)
		write_quoted(name->name, name->len, quoted, out);
	else if (is_signed)
		skep_text_i64(out, (int64_t)value);
	else
		skep_text_u64(out, value);
}

/* The fewest digits that read back as the same number, with a point in every locale. */
static void write_float(const struct skep_node *node, const uint8_t *at, struct skep_text *out)
{
	bool is_short = node->size == 4;
	int digits = is_short ? 6 : 15;
	double value;
	float narrow;
	char s[40];

	memcpy(&narrow, at, sizeof(narrow));
	if (is_short)
		value = narrow;
	else
		memcpy(&value, at, sizeof(value));
	if (!__builtin_isfinite(value)) {
		skep_text_lit(out, "null");
		return;
	}
	do
		snprintf(s, sizeof(s), "%.*g", digits, value);
	while (digits++ < 17 && (is_short ? strtof(s, NULL) != narrow : strtod(s, NULL) != value));
	s[strcspn(s, ",")] = strchr(s, ',') ? '.' : '\0';
	skep_text_str(out, s);
}

static void write_hex_bytes(const uint8_t *at, size_t len, struct skep_text *out)
{
	for (size_t i = 0; i < len; i++) {
		skep_text_char(out, "0123456789abcdef"[at[i] >> 4]);
		skep_text_char(out, "0123456789abcdef"[at[i] & 15]);
	}
}

static void write_between_quotes(const struct skep_node *node, const uint8_t *at, bool quoted,
				 struct skep_text *out)
{
	if (quoted)
		skep_text_char(out, '"');
	if (node->kind == SKEP_NODE_POINTER)
		skep_text_hex(out, (uint64_t)load_unsigned(node, at));
	else
		write_hex_bytes(at, node->size, out);
	if (quoted)
		skep_text_char(out, '"');
}

void skep_node_write(const struct skep_node *node, const uint8_t *at, size_t left, bool quoted,
		     struct skep_text *out)
{
	if (node->kind == SKEP_NODE_STACK)
		return skep_stack_node_write(node->stack, at, left, quoted, out);
	if (node->meaning)
		return skep_meaning_write(node, at, quoted, out);
	switch ((enum skep_node_kind)node->kind) {
	case SKEP_NODE_STRING:
		return write_quoted((const char *)at, node->is_open ? left : node->size, quoted,
				    out);
	case SKEP_NODE_CHAR:
		return write_quoted((const char *)at, 1, quoted, out);
	case SKEP_NODE_BOOL:
		return skep_text_str(out, load_unsigned(node, at) ? "true" : "false");
	case SKEP_NODE_UNSIGNED:
		return write_u128(out, load_unsigned(node, at));
	case SKEP_NODE_SIGNED:
		return write_i128(out, load_signed(node, at));
	case SKEP_NODE_ENUM:
		return write_enum(node, at, quoted, out);
	case SKEP_NODE_FLOAT:
		return write_float(node, at, out);
	case SKEP_NODE_POINTER:
	case SKEP_NODE_BYTES:
		return write_between_quotes(node, at, quoted, out);
	case SKEP_NODE_STRUCT:
	case SKEP_NODE_ARRAY:
	case SKEP_NODE_STACK:
		return;
	}
}

void skep_record_write_hex(const void *data, size_t len, bool json, struct skep_text *out)
{
	if (!out)
		return;
	if (json)
		skep_text_lit(out, "{\"bytes\":\"");
	write_hex_bytes(data, len, out);
	if (json)
		skep_text_lit(out, "\"}");
	skep_text_char(out, '\n');
}
