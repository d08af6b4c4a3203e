// SPDX-License-Identifier: MIT
/* Whole numbers of up to 128 bits, and bitfields: text into bytes. */
#include "record/number.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

typedef unsigned __int128 u128;

/* A number with its sign apart. */
struct number {
	u128 magnitude;
	bool is_negative;
};

static uint32_t bits_of(const struct skep_node *node)
{
	return node->width ? node->width : node->size * 8;
}

static void store_plain(uint8_t *at, u128 value, uint32_t size)
{
	for (uint32_t i = 0; i < size; i++) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
		at[i] = (uint8_t)(value >> i * 8);
#else
		at[size - 1 - i] = (uint8_t)(value >> i * 8);
#endif
	}
}

/* Bit by bit, counted from the lowest bit of a byte on little-endian machines, else the highest. */
static void store_bits(const struct skep_node *node, uint8_t *at, u128 value)
{
	for (uint32_t i = 0; i < node->width; i++) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
		uint32_t bit = node->shift + i;
		uint8_t mask = (uint8_t)(1u << bit % 8);
#else
		uint32_t bit = node->shift + node->width - 1 - i;
		uint8_t mask = (uint8_t)(0x80u >> bit % 8);
#endif
		if (value >> i & 1)
			at[bit / 8] |= mask;
		else
			at[bit / 8] &= (uint8_t)~mask;
	}
}

static void store(const struct skep_node *node, uint8_t *at, struct number n)
{
	u128 value = n.is_negative ? 0 - n.magnitude : n.magnitude;

	if (node->width)
		store_bits(node, at, value);
	else
		store_plain(at, value, node->size);
}

static bool is_signed(const struct skep_node *node)
{
	return node->kind == SKEP_NODE_SIGNED ||
	       (node->kind == SKEP_NODE_ENUM && node->names->is_signed);
}

static bool fits(const struct skep_node *node, struct number n)
{
	uint32_t bits = bits_of(node);
	u128 most = bits >= 128 ? ~(u128)0 : ((u128)1 << bits) - 1;

	if (!is_signed(node))
		return n.magnitude <= most && !(n.is_negative && n.magnitude);
	return n.magnitude <= most / 2 + n.is_negative;
}

/* Numbers of 128 bits are too long to be worth writing out. */
static int out_of_range(const struct skep_node *node, const struct skep_json_scan *s,
			const char *at, const char *text, size_t len)
{
	uint32_t bits = bits_of(node);
	char hint[96];

	if (bits > 64)
		snprintf(hint, sizeof(hint), "it has %u bits%s", bits,
			 is_signed(node) ? " with a sign" : "");
	else if (is_signed(node))
		snprintf(hint, sizeof(hint), "its range is -%llu to %llu", 1ull << (bits - 1),
			 (1ull << (bits - 1)) - 1);
	else
		snprintf(hint, sizeof(hint), "its range is 0 to %llu",
			 bits == 64 ? ~0ull : (1ull << bits) - 1);
	return skep_json_refuse(s, at, ERANGE, hint, "%.*s is out of its range",
				(int)(len < 48 ? len : 48), text);
}

static bool add_digit(u128 *value, unsigned int base, unsigned int digit, bool *too_large)
{
	if (digit >= base)
		return false;
	*too_large |= *value > (~(u128)0 - digit) / base;
	*value = *value * base + digit;
	return true;
}

unsigned int skep_number_digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned int)(c - '0');
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (unsigned int)((c | 0x20) - 'a' + 10) : 99;
}

/* "-12", "0x1f": decimal as JSON has numbers, hexadecimal in strings. False: no whole number. */
static bool read_number(const char *text, size_t len, bool hex_too, struct number *n,
			bool *too_large)
{
	unsigned int base = 10;

	*n = (struct number){ 0, len && *text == '-' };
	*too_large = false;
	text += n->is_negative;
	len -= n->is_negative;
	if (hex_too && len > 2 && text[0] == '0' && (text[1] | 0x20) == 'x') {
		base = 16;
		text += 2;
		len -= 2;
	}
	for (size_t i = 0; i < len; i++)
		if (!add_digit(&n->magnitude, base, skep_number_digit(text[i]), too_large))
			return false;
	return len;
}

/* The words in which a type is asked for. */
const char *skep_node_wanted(const struct skep_node *node)
{
	switch ((enum skep_node_kind)node->kind) {
	case SKEP_NODE_BOOL:
		return "give true or false";
	case SKEP_NODE_CHAR:
		return "give a string of one character, or a number";
	case SKEP_NODE_POINTER:
		return "give a number, or one in a string: \"0xffff888100000000\"";
	case SKEP_NODE_FLOAT:
		return "give a number";
	default:
		return "give a whole number, or one in a string: \"0x1f\"";
	}
}

int skep_number_read(const struct skep_node *node, const struct skep_json_scan *s,
		     const char *begin, const char *text, size_t len, bool hex_too, uint8_t *at)
{
	struct number n;
	bool too_large;

	if (!read_number(text, len, hex_too, &n, &too_large))
		return skep_json_refuse(s, begin, EINVAL, skep_node_wanted(node),
					"'%.*s' is not its value", (int)(len < 48 ? len : 48),
					text);
	if (too_large || !fits(node, n))
		return out_of_range(node, s, begin, text, len);
	store(node, at, n);
	return 0;
}

bool skep_number_is_one(const char *text, size_t len)
{
	struct number n;
	bool too_large;

	return read_number(text, len, true, &n, &too_large);
}

void skep_number_store(const struct skep_node *node, uint8_t *at, uint64_t value)
{
	store(node, at, (struct number){ value, false });
}
