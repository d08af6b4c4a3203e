// SPDX-License-Identifier: MIT
/* Numbers, two decimal digits a step: they are most of what a record's line consists of. */
#include <skep/text.h>

static const char digit_pairs[] = "00010203040506070809101112131415161718192021222324252627282930"
				  "31323334353637383940414243444546474849505152535455565758596061"
				  "62636465666768697071727374757677787980818283848586878889909192"
				  "93949596979899";

void skep_text_u64(struct skep_text *text, uint64_t value)
{
	char digits[20];
	char *p = digits + sizeof(digits);

	while (value >= 100) {
		p -= 2;
		memcpy(p, digit_pairs + value % 100 * 2, 2);
		value /= 100;
	}
	if (value >= 10) {
		p -= 2;
		memcpy(p, digit_pairs + value * 2, 2);
	} else {
		*--p = (char)('0' + value);
	}
	skep_text_bytes(text, p, (size_t)(digits + sizeof(digits) - p));
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
