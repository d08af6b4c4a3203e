/* SPDX-License-Identifier: MIT */
/* A record with members of all kinds, which filters choose. */
#ifndef SKEP_TESTS_RECORD_FILTER_SUPPORT_H
#define SKEP_TESTS_RECORD_FILTER_SUPPORT_H

#include <skep/filter.h>

#include "support.h"

struct filtered {
	uint32_t pid;
	int32_t ret;
	uint64_t bytes;
	int64_t offset;
	uint64_t latency;
	char comm[16];
	uint32_t state;
	int8_t level;
	uint8_t flag;
	char letter;
	uint8_t bits; /* low: 3 bits of an unsigned, high: 5 bits of a signed number */
	uint8_t daddr[4];
	uint8_t from[16];
	uint8_t mac[6];
	uint8_t port[2];
	uint64_t when;
	float ratio;
	int32_t error;
	double mean;
	uint16_t list[3];
	int16_t mode;
	uint32_t signal;
	struct {
		uint32_t a, b;
	} pair, pairs[2];
	__int128 wide;
	char rest[];
};

enum {
	TEXT16 = N_BASE,
	STATE,
	LEVEL,
	BYTES4,
	BYTES16,
	BYTES6,
	LIST,
	PAIR,
	PAIRS,
	REST,
};

#define FILTERED(type, name) \
	skep_btf_builder_member(b, #name, type, 8 * offsetof(struct filtered, name), 0)

static inline void filtered_types(struct skep_btf_builder *b)
{
	skep_btf_builder_array(b, CHAR, U32, 16);
	skep_btf_builder_enum(b, "state", 4, false);
	skep_btf_builder_value(b, "TCP_NEW", 0);
	skep_btf_builder_value(b, "TCP_ESTABLISHED", 1);
	skep_btf_builder_value(b, "TCP_CLOSED", 7);
	skep_btf_builder_enum(b, "level", 1, true);
	skep_btf_builder_value(b, "LOW", -1);
	skep_btf_builder_value(b, "HIGH", 1);
	skep_btf_builder_array(b, U8, U32, 4);
	skep_btf_builder_array(b, U8, U32, 16);
	skep_btf_builder_array(b, U8, U32, 6);
	skep_btf_builder_array(b, U16, U32, 3);
	skep_btf_builder_composite(b, BTF_KIND_STRUCT, "pair", 8);
	skep_btf_builder_member(b, "a", U32, 0, 0);
	skep_btf_builder_member(b, "b", U32, 32, 0);
	skep_btf_builder_array(b, PAIR, U32, 2);
	skep_btf_builder_array(b, CHAR, U32, 0);
}

static inline void filtered_members(struct skep_btf_builder *b)
{
	size_t bits = 8 * offsetof(struct filtered, bits);

	FILTERED(U32, pid);
	FILTERED(S32, ret);
	FILTERED(U64, bytes);
	FILTERED(S64, offset);
	FILTERED(U64, latency);
	FILTERED(TEXT16, comm);
	FILTERED(STATE, state);
	FILTERED(LEVEL, level);
	FILTERED(BOOL, flag);
	FILTERED(CHAR, letter);
	skep_btf_builder_member(b, "low", U8, (uint32_t)bits, 3);
	skep_btf_builder_member(b, "high", S8, (uint32_t)bits + 3, 5);
	FILTERED(BYTES4, daddr);
	FILTERED(BYTES16, from);
	FILTERED(BYTES6, mac);
	FILTERED(U16, port);
	FILTERED(U64, when);
	FILTERED(FLOAT, ratio);
	FILTERED(S32, error);
	FILTERED(DOUBLE, mean);
	FILTERED(LIST, list);
	FILTERED(S16, mode);
	FILTERED(U32, signal);
	FILTERED(PAIR, pair);
	FILTERED(PAIRS, pairs);
	FILTERED(S128, wide);
	FILTERED(REST, rest);
}

/* The @part-th of the members above. */
static const struct {
	int32_t part;
	const char *text;
} filtered_tags[] = {
	{ 2, "skep:bytes" },	  { 4, "skep:duration" }, { 12, "skep:ipv4" },
	{ 13, "skep:ip" },	  { 14, "skep:mac" },	  { 15, "skep:port" },
	{ 16, "skep:wall_time" }, { 18, "skep:errno" },	  { 21, "skep:octal" },
	{ 22, "skep:signal" },
};

static inline struct skep_schema *filtered_schema(void)
{
	struct skep_btf_builder *b = new_types();
	struct skep_error err = { 0 };
	struct skep_schema *schema;
	uint32_t id;

	filtered_types(b);
	id = (uint32_t)skep_btf_builder_composite(b, BTF_KIND_STRUCT, "filtered",
						  sizeof(struct filtered));
	filtered_members(b);
	for (size_t i = 0; i < sizeof(filtered_tags) / sizeof(filtered_tags[0]); i++)
		tag(b, id, filtered_tags[i].part, filtered_tags[i].text);
	schema = try_type(b, id, &err);
	assert_ok(schema, &err);
	return schema;
}

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define BITS(low, high) (uint8_t)((low) | ((high)&31) << 3)
#else
#define BITS(low, high) (uint8_t)((low) << 5 | ((high)&31))
#endif

static const struct filtered filtered_record = {
	.pid = 4242,
	.ret = -2,
	.bytes = 8192,
	.offset = -7,
	.latency = 12500000,
	.comm = "bash",
	.state = 1,
	.level = -1,
	.flag = 1,
	.letter = 'x',
	.bits = BITS(5, -3),
	.daddr = { 10, 1, 2, 3 },
	.from = { [10] = 255, 255, 192, 0, 2, 1 },
	.mac = { 10, 27, 44, 61, 78, 95 },
	.port = { 0x1f, 0x90 },
	.when = 1000000001,
	.ratio = 0.1f,
	.error = -2,
	.mean = 2.5,
	.list = { 1, 2, 3 },
	.mode = 0644,
	.signal = 9,
	.pair = { 1, 2 },
	.pairs = { { 3, 4 }, { 5, 6 } },
	.wide = -5,
};

#endif
