// SPDX-License-Identifier: MIT
/* Numbers, two decimal digits a step: they are most of what a record's line consists of. */
#include <skep/text.h>

#include "base/digits.h"

const char skep_digit_pairs[201] = "00010203040506070809101112131415161718192021222324252627282930"
				   "31323334353637383940414243444546474849505152535455565758596061"
				   "62636465666768697071727374757677787980818283848586878889909192"
				   "93949596979899";

void skep_text_u64(struct skep_text *text, uint64_t value)
{
	if (skep_text_room(text, SKEP_DIGITS_MOST))
		text->len = (size_t)(skep_put_u64(text->data + text->len, value) - text->data);
}

void skep_text_i64(struct skep_text *text, int64_t value)
{
	if (value < 0)
		skep_text_char(text, '-');
	skep_text_u64(text, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void skep_text_hex(struct skep_text *text, uint64_t value)
{
	char digits[18];
	char *p = digits + sizeof(digits);

	do {
		*--p = "0123456789abcdef"[value & 15];
		value >>= 4;
	} while (value);
	*--p = 'x';
	*--p = '0';
	skep_text_bytes(text, p, (size_t)(digits + sizeof(digits) - p));
}
