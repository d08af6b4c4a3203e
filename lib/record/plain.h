/* SPDX-License-Identifier: MIT */
/* Strings that stand as they are, copied eight bytes at a time. */
#ifndef SKEP_RECORD_PLAIN_H
#define SKEP_RECORD_PLAIN_H

#include <skep/view.h>

/* Bytes that are not plain, in each byte of a word: those below one, three others, all from 0x7f.
 */
struct skep_plain {
	uint64_t below; /* 0x80 minus it */
	uint64_t others[3];
};

extern const struct skep_plain skep_plain_of[SKEP_N_FORMS];

/* Whether a string can stand as it is; an empty one cannot. */
bool skep_is_plain(const char *s, size_t len, enum skep_form form);

/* The highest bit of each byte that is not plain. No carry crosses bytes, so each one is right. */
static inline uint64_t skep_plain_check(uint64_t word, const struct skep_plain *plain)
{
	const uint64_t low = 0x7f7f7f7f7f7f7f7f, high = ~low, one = 0x0101010101010101;
	uint64_t seven = word & low, is_not = (seven + one) | word | ~(seven + plain->below);

	for (int i = 0; i < 3; i++) {
		uint64_t other = word ^ plain->others[i];

		is_not |= ~((other & low) + low) & ~other;
	}
	return is_not & high;
}

/* The number of the first byte in memory whose highest bit is set. */
static inline size_t skep_plain_first(uint64_t word)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return (size_t)__builtin_ctzll(word) / 8;
#else
	return (size_t)__builtin_clzll(word) / 8;
#endif
}

/*
 * Copies a string of at most @len bytes, up to its first NUL, and returns its end; NULL: one of its
 * bytes is not plain. Eight bytes more than @len may be written.
 */
static inline char *skep_put_plain(char *at, const void *string, size_t len,
				   const struct skep_plain *plain)
{
	const char *from = (const char *)string, *end = from + len;

	while (from < end) {
		size_t left = (size_t)(end - from), n;
		uint64_t word = 0, is_not;

		if (left >= 8)
			memcpy(&word, from, 8);
		else
			memcpy(&word, from, left);
		memcpy(at, &word, 8);
		is_not = skep_plain_check(word, plain);
		if (!is_not) {
			at += 8;
			from += 8;
			continue;
		}
		n = skep_plain_first(is_not);
		return n >= left || !from[n] ? at + n : NULL;
	}
	return at;
}

#endif
