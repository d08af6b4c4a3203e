/* SPDX-License-Identifier: MIT */
/*
 * What a filter is compiled to: tests, of which each says which one comes next when it is true and
 * when it is not. Behind the last one stand two numbers that end the run: n means that the record
 * matches, n + 1 that it does not.
 *
 * All comparisons of numbers are one: whether the number lies in a range. Numbers are computed
 * modulo 2^64 (or 2^128), so that signed ones need nothing else: v - low <= span.
 */
#ifndef SKEP_RECORD_FILTER_H
#define SKEP_RECORD_FILTER_H

#include <regex.h>
#include <skep/filter.h>

#include "record/plan.h"

enum skep_filter_op {
	SKEP_FILTER_NEVER,
	SKEP_FILTER_U8,
	SKEP_FILTER_U16,
	SKEP_FILTER_U32,
	SKEP_FILTER_U64, /* and signed: the range says which */
	SKEP_FILTER_S8,
	SKEP_FILTER_S16,
	SKEP_FILTER_S32,
	SKEP_FILTER_BE16,
	SKEP_FILTER_BE32,
	SKEP_FILTER_BE48,
	SKEP_FILTER_BITS,
	SKEP_FILTER_128,
	SKEP_FILTER_BE128,
	SKEP_FILTER_FLOAT,
	SKEP_FILTER_BYTES, /* in the order of memcmp(3) */
	SKEP_FILTER_ANY,   /* a byte that is not zero */
	SKEP_FILTER_TEXT,  /* in the same order, up to a NUL */
	SKEP_FILTER_BEGINS,
	SKEP_FILTER_ENDS,
	SKEP_FILTER_CONTAINS,
	SKEP_FILTER_PATTERN,
};

enum skep_filter_order {
	SKEP_FILTER_EQ,
	SKEP_FILTER_NE,
	SKEP_FILTER_LT,
	SKEP_FILTER_LE,
	SKEP_FILTER_GT,
	SKEP_FILTER_GE,
};

typedef unsigned __int128 skep_u128;

struct skep_filter_wide {
	skep_u128 low, span;
};

struct skep_filter_test {
	uint8_t op;    /* enum skep_filter_op */
	uint8_t order; /* of what is no range */
	bool is_negated;
	bool is_open; /* takes the rest of the record */
	uint16_t yes, no;
	uint32_t offset;
	uint32_t size;
	union {
		struct {
			uint64_t low, span, mask;
		};
		const struct skep_filter_wide *wide;
		double number;
		struct {
			const char *text;
			size_t len;
		};
		const regex_t *pattern;
	};
	const struct skep_node *node; /* of a bitfield */
};

struct skep_filter {
	struct skep_arena arena;
	struct skep_vec(struct skep_filter_test) tests;
	struct skep_vec(regex_t *) patterns;
};

/* Numbers as a test sees them, from its bytes at @at. */
uint64_t skep_filter_load(const struct skep_filter_test *test, const uint8_t *at);
skep_u128 skep_filter_load_wide(const struct skep_filter_test *test, const uint8_t *at);
double skep_filter_load_float(const struct skep_filter_test *test, const uint8_t *at);

#endif
