// SPDX-License-Identifier: MIT
#include "base/inflate_code.h"

#include <string.h>

#include "base/error.h"

int inflate_damaged(const struct inflater *f, const char *what)
{
	return skep_error_set(f->err, SKEP_STAGE_READ, EINVAL, "the packed data is damaged: %s",
			      what);
}

int inflate_cut_off(const struct inflater *f)
{
	return inflate_damaged(f, "it is cut off");
}

/* As many whole bytes as there is room for; past the end, bits read as 0 but do not count. */
static void fill(struct inflater *f)
{
	while (f->n_bits <= 56 && f->pos < f->len) {
		f->bits |= (uint64_t)f->in[f->pos++] << f->n_bits;
		f->n_bits += 8;
	}
}

void inflate_drop(struct inflater *f, unsigned int n)
{
	f->bits >>= n;
	f->n_bits -= n;
}

int inflate_take(struct inflater *f, unsigned int n)
{
	int value;

	fill(f);
	if (f->n_bits < n)
		return inflate_cut_off(f);
	value = (int)(f->bits & ((1u << n) - 1));
	inflate_drop(f, n);
	return value;
}

static uint32_t reversed(uint32_t code, unsigned int len)
{
	uint32_t r = 0;

	for (; len; len--, code >>= 1)
		r = r << 1 | (code & 1);
	return r;
}

/* Short codes, at every place of the table that begins with their bits. */
static void build_fast(struct inflate_code *c, const uint8_t *lens, unsigned int n)
{
	uint32_t next[MAX_BITS + 2] = { 0 };

	memset(c->fast, 0, sizeof(c->fast));
	for (unsigned int len = 1; len <= MAX_BITS; len++)
		next[len + 1] = (next[len] + c->count[len]) << 1;
	for (unsigned int i = 0; i < n; i++) {
		uint32_t code = lens[i] ? next[lens[i]]++ : 0;

		if (!lens[i] || lens[i] > FAST_BITS)
			continue;
		for (uint32_t at = reversed(code, lens[i]); at < 1u << FAST_BITS;
		     at += 1u << lens[i])
			c->fast[at] = (uint16_t)(i << 4 | lens[i]);
	}
}

int inflate_build(struct inflater *f, struct inflate_code *c, const uint8_t *lens, unsigned int n)
{
	uint16_t place[MAX_BITS + 1] = { 0 };
	int left = 1;

	memset(c->count, 0, sizeof(c->count));
	for (unsigned int i = 0; i < n; i++)
		c->count[lens[i]]++;
	c->count[0] = 0;
	for (unsigned int len = 1; len <= MAX_BITS; len++) {
		left = (left << 1) - c->count[len];
		if (left < 0)
			return inflate_damaged(f, "a code has too many symbols");
		if (len < MAX_BITS)
			place[len + 1] = place[len] + c->count[len];
	}
	if (left && place[MAX_BITS] + c->count[MAX_BITS] > c->count[1])
		return inflate_damaged(f, "a code is not complete");
	for (unsigned int i = 0; i < n; i++)
		if (lens[i])
			c->symbol[place[lens[i]]++] = (uint16_t)i;
	build_fast(c, lens, n);
	return 0;
}

/* A long code, bit by bit: codes of one length follow each other. */
static int decode_slowly(struct inflater *f, const struct inflate_code *c)
{
	int code = 0, first = 0, index = 0;

	for (unsigned int len = 1; len <= MAX_BITS && len <= f->n_bits; len++) {
		code |= (int)(f->bits >> (len - 1) & 1);
		if (code - first < c->count[len]) {
			inflate_drop(f, len);
			return c->symbol[index + code - first];
		}
		index += c->count[len];
		first = (first + c->count[len]) << 1;
		code <<= 1;
	}
	return f->n_bits < MAX_BITS ? inflate_cut_off(f) :
				      inflate_damaged(f, "there is no such code");
}

int inflate_decode(struct inflater *f, const struct inflate_code *c)
{
	uint16_t entry;

	fill(f);
	entry = c->fast[f->bits & ((1u << FAST_BITS) - 1)];
	if (!entry || (entry & 15u) > f->n_bits)
		return decode_slowly(f, c);
	inflate_drop(f, entry & 15u);
	return entry >> 4;
}
