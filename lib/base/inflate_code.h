/* SPDX-License-Identifier: MIT */
/* The bits of a deflate stream and the prefix codes in them (RFC 1951, 3.2). */
#ifndef SKEP_BASE_INFLATE_CODE_H
#define SKEP_BASE_INFLATE_CODE_H

#include "base/inflate.h"

#define MAX_BITS     15 /* of a code */
#define FAST_BITS    9	/* of a code that one look finds */
#define N_LITERAL    288
#define N_DISTANCE   32
#define END_OF_BLOCK 256

/* A prefix code: how many codes each length has, and the symbols in the order of their codes. */
struct inflate_code {
	uint16_t fast[1 << FAST_BITS]; /* symbol << 4 | length, by the next bits; 0: longer */
	uint16_t count[MAX_BITS + 1];
	uint16_t symbol[N_LITERAL];
};

struct inflater {
	const uint8_t *in;
	size_t len, pos;
	uint64_t bits; /* not used yet, the next one lowest */
	unsigned int n_bits;
	struct skep_unpacked *out;
	struct inflate_code literal, distance;
	struct skep_error *err;
};

/* Fails with -EINVAL and what is wrong. */
int inflate_damaged(const struct inflater *f, const char *what);
int inflate_cut_off(const struct inflater *f);

void inflate_drop(struct inflater *f, unsigned int n);

/* The next @n bits, at most 16, as a number; -EINVAL when there are fewer. */
int inflate_take(struct inflater *f, unsigned int n);

/*
 * Builds a code from the lengths of its symbols' codes. Too many codes are damage, and too few,
 * unless there is no more than one, of one bit: that is how a block with a single distance, or
 * without any, is written.
 */
int inflate_build(struct inflater *f, struct inflate_code *c, const uint8_t *lens, unsigned int n);

/* The next symbol, or -EINVAL. */
int inflate_decode(struct inflater *f, const struct inflate_code *c);

#endif
