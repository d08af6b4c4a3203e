/* SPDX-License-Identifier: MIT */
/*
 * Numbers and short runs of bytes written at a pointer, with the room already there. These are the
 * inner loop of every line.
 */
#ifndef SKEP_BASE_DIGITS_H
#define SKEP_BASE_DIGITS_H

#include <stdint.h>
#include <string.h>

#define SKEP_DIGITS_MOST 20 /* of 64 bits */

/* What skep_put_*() may write beyond the end that they return. */
#define SKEP_PUT_SLACK 16

extern const char skep_digit_pairs[201];

/* Decimal digits of a number; 1233/4096 is a little more than log10(2). */
static inline uint32_t skep_digits_count(uint64_t value)
{
	static const uint64_t powers[] = {
		0,
		10,
		100,
		1000,
		10000,
		100000,
		1000000,
		10000000,
		100000000,
		1000000000,
		10000000000,
		100000000000,
		1000000000000,
		10000000000000,
		100000000000000,
		1000000000000000,
		10000000000000000,
		100000000000000000,
		1000000000000000000,
		10000000000000000000ull,
	};
	uint32_t estimate = (uint32_t)(64 - __builtin_clzll(value | 1)) * 1233 >> 12;

	return estimate + (value >= powers[estimate]);
}

/* The @n digits of a number, of which there must be no more. Zeros stand in front of fewer. */
static inline char *skep_put_digits(char *at, uint64_t value, uint32_t n)
{
	char *end = at + n, *p = end;

	for (; n > 1 && value >> 32; n -= 2, value /= 100)
		memcpy(p -= 2, skep_digit_pairs + value % 100 * 2, 2);
	for (uint32_t low = (uint32_t)value; n; n -= 2, low /= 100) {
		if (n == 1) {
			*--p = (char)('0' + low % 10);
			break;
		}
		memcpy(p -= 2, skep_digit_pairs + low % 100 * 2, 2);
	}
	return end;
}

static inline char *skep_put_u64(char *at, uint64_t value)
{
	return skep_put_digits(at, value, skep_digits_count(value));
}

static inline char *skep_put_blanks(char *at, size_t n)
{
	char *end = at + n;

	for (; at < end; at += 8)
		memcpy(at, "        ", 8);
	return end;
}

/* A run with SKEP_PUT_SLACK bytes readable behind its end. */
static inline char *skep_put_padded(char *at, const char *run, size_t len)
{
	memcpy(at, run, 16);
	if (len > 16)
		memcpy(at + 16, run + 16, len - 16);
	return at + len;
}

#endif
