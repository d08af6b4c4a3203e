// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/inflate_code.h"

static int reserve(struct inflater *f, size_t more)
{
	struct skep_unpacked *out = f->out;
	size_t cap = out->cap ? out->cap : 4096;
	uint8_t *data;

	if (more > out->max - out->len)
		return skep_error_set(f->err, SKEP_STAGE_READ, E2BIG,
				      "unpacked it has more than %zu bytes", out->max);
	if (more <= out->cap - out->len)
		return 0;
	while (cap < out->len + more)
		cap *= 2;
	data = realloc(out->data, cap);
	if (!data)
		return skep_error_nomem(f->err, SKEP_STAGE_READ);
	out->data = data;
	out->cap = cap;
	return 0;
}

static int stored_block(struct inflater *f)
{
	size_t len, left;
	int ret;

	inflate_drop(f, f->n_bits % 8);
	/* What was read ahead goes back. */
	f->pos -= f->n_bits / 8;
	f->bits = f->n_bits = 0;
	left = f->len - f->pos;
	if (left < 4)
		return inflate_cut_off(f);
	len = f->in[f->pos] | (size_t)f->in[f->pos + 1] << 8;
	if (len != (0xffff ^ (f->in[f->pos + 2] | (size_t)f->in[f->pos + 3] << 8)))
		return inflate_damaged(f, "a block's two lengths differ");
	if (len > left - 4)
		return inflate_cut_off(f);
	ret = reserve(f, len);
	if (ret)
		return ret;
	if (len)
		memcpy(f->out->data + f->out->len, f->in + f->pos + 4, len);
	f->out->len += len;
	f->pos += 4 + len;
	return 0;
}

/* Symbols 257 to 285, and distances 0 to 29: a number and how many bits are added to it. */
static const uint16_t length_base[] = { 3,  4,	5,  6,	 7,   8,   9,	10,  11, 13,
					15, 17, 19, 23,	 27,  31,  35,	43,  51, 59,
					67, 83, 99, 115, 131, 163, 195, 227, 258 };
static const uint8_t length_bits[] = { 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
				       2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0 };
static const uint16_t distance_base[] = { 1,	2,    3,    4,	   5,	  7,	9,    13,
					  17,	25,   33,   49,	   65,	  97,	129,  193,
					  257,	385,  513,  769,   1025,  1537, 2049, 3073,
					  4097, 6145, 8193, 12289, 16385, 24577 };

#define N_LENGTHS   (int)(sizeof(length_base) / sizeof(*length_base))
#define N_DISTANCES (int)(sizeof(distance_base) / sizeof(*distance_base))

static int copy_back(struct inflater *f, int symbol)
{
	int extra, len, distance;
	int ret;

	symbol -= END_OF_BLOCK + 1;
	if (symbol >= N_LENGTHS)
		return inflate_damaged(f, "there is no such length");
	extra = inflate_take(f, length_bits[symbol]);
	if (extra < 0)
		return extra;
	len = length_base[symbol] + extra;
	symbol = inflate_decode(f, &f->distance);
	if (symbol < 0)
		return symbol;
	if (symbol >= N_DISTANCES)
		return inflate_damaged(f, "there is no such distance");
	extra = inflate_take(f, symbol < 2 ? 0 : (unsigned int)symbol / 2 - 1);
	if (extra < 0)
		return extra;
	distance = distance_base[symbol] + extra;
	if ((size_t)distance > f->out->len - f->out->start)
		return inflate_damaged(f, "it refers to what is before its beginning");
	ret = reserve(f, (size_t)len);
	/* Byte by byte: what is copied may be what this has just written. */
	for (; !ret && len; len--, f->out->len++)
		f->out->data[f->out->len] = f->out->data[f->out->len - (size_t)distance];
	return ret;
}

static int coded_block(struct inflater *f)
{
	for (;;) {
		int symbol = inflate_decode(f, &f->literal);
		int ret = symbol < 0 ? symbol : 0;

		if (symbol == END_OF_BLOCK)
			return 0;
		if (symbol > END_OF_BLOCK)
			ret = copy_back(f, symbol);
		else if (!ret)
			ret = reserve(f, 1);
		if (ret)
			return ret;
		if (symbol < END_OF_BLOCK)
			f->out->data[f->out->len++] = (uint8_t)symbol;
	}
}

static int fixed_block(struct inflater *f)
{
	uint8_t lens[N_LITERAL];

	memset(lens, 8, 144);
	memset(lens + 144, 9, 112);
	memset(lens + 256, 7, 24);
	memset(lens + 280, 8, 8);
	if (inflate_build(f, &f->literal, lens, N_LITERAL))
		return -EINVAL;
	memset(lens, 5, N_DISTANCE);
	return inflate_build(f, &f->distance, lens, N_DISTANCE) ?: coded_block(f);
}

/* The lengths of both codes in one run, which is itself coded. */
static int read_lengths(struct inflater *f, uint8_t *lens, unsigned int n)
{
	for (unsigned int i = 0; i < n;) {
		int symbol = inflate_decode(f, &f->literal), repeat = 1;
		uint8_t len = 0;

		if (symbol < 0)
			return symbol;
		if (symbol < 16)
			len = (uint8_t)symbol;
		else if (symbol == 16 && !i)
			return inflate_damaged(f, "it repeats a length before the first");
		else if (symbol == 16)
			len = lens[i - 1];
		if (symbol >= 16) {
			repeat = inflate_take(f, symbol == 16 ? 2 : symbol == 17 ? 3 : 7);
			if (repeat < 0)
				return repeat;
			repeat += symbol == 18 ? 11 : 3;
		}
		if ((unsigned int)repeat > n - i)
			return inflate_damaged(f, "it has more lengths than codes");
		memset(lens + i, len, (size_t)repeat);
		i += (unsigned int)repeat;
	}
	return 0;
}

static int dynamic_block(struct inflater *f)
{
	static const uint8_t order[] = { 16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
					 11, 4,	 12, 3, 13, 2, 14, 1, 15 };
	uint8_t lens[N_LITERAL + N_DISTANCE] = { 0 };
	int n_literal = inflate_take(f, 5), n_distance = inflate_take(f, 5),
	    n_lens = inflate_take(f, 4);
	int ret;

	if (n_literal < 0 || n_distance < 0 || n_lens < 0)
		return -EINVAL;
	n_literal += 257;
	n_distance += 1;
	if (n_literal > 286 || n_distance > N_DISTANCES)
		return inflate_damaged(f, "it has too many codes");
	for (int i = 0; i < n_lens + 4; i++) {
		ret = inflate_take(f, 3);
		if (ret < 0)
			return ret;
		lens[order[i]] = (uint8_t)ret;
	}
	ret = inflate_build(f, &f->literal, lens, sizeof(order));
	if (ret)
		return ret;
	memset(lens, 0, sizeof(order));
	ret = read_lengths(f, lens, (unsigned int)(n_literal + n_distance));
	if (ret)
		return ret;
	if (!lens[END_OF_BLOCK])
		return inflate_damaged(f, "a block has no end");
	return inflate_build(f, &f->literal, lens, (unsigned int)n_literal)			  ?:
		       inflate_build(f, &f->distance, lens + n_literal, (unsigned int)n_distance) ?:
		       coded_block(f);
}

static int64_t inflate(struct inflater *f)
{
	for (;;) {
		int last = inflate_take(f, 1), type = inflate_take(f, 2);
		int ret;

		if (last < 0 || type < 0)
			return -EINVAL;
		ret = type == 0 ? stored_block(f) :
		      type == 1 ? fixed_block(f) :
		      type == 2 ? dynamic_block(f) :
				  inflate_damaged(f, "there is no such kind of block");
		if (ret)
			return ret;
		if (last)
			return (int64_t)(f->pos - f->n_bits / 8);
	}
}

int64_t skep_inflate(const uint8_t *data, size_t len, struct skep_unpacked *out,
		     struct skep_error *err)
{
	struct inflater *f = calloc(1, sizeof(*f));
	int64_t ret;

	if (!f)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	f->in = data;
	f->len = len;
	f->out = out;
	f->err = err;
	out->start = out->len;
	ret = inflate(f);
	free(f);
	return ret;
}
