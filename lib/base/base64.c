// SPDX-License-Identifier: MIT
#include "base/base64.h"

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void skep_base64_write(struct skep_text *out, const void *data, size_t len)
{
	const uint8_t *in = data;
	char *at;

	if (len > (SIZE_MAX - 4) / 2 || !skep_text_room(out, (len + 2) / 3 * 4))
		return;
	at = out->data + out->len;
	for (; len >= 3; len -= 3, in += 3) {
		*at++ = letters[in[0] >> 2];
		*at++ = letters[(in[0] & 3) << 4 | in[1] >> 4];
		*at++ = letters[(in[1] & 15) << 2 | in[2] >> 6];
		*at++ = letters[in[2] & 63];
	}
	if (len) {
		uint8_t second = len > 1 ? in[1] : 0;

		*at++ = letters[in[0] >> 2];
		*at++ = letters[(in[0] & 3) << 4 | second >> 4];
		*at++ = len > 1 ? letters[(second & 15) << 2] : '=';
		*at++ = '=';
	}
	out->len = (size_t)(at - out->data);
}

static int value_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* What follows the last letter: padding that completes four, and line ends. */
static int64_t read_end(const char *text, size_t len, size_t at, unsigned int n_letters)
{
	unsigned int n_padding = 0;

	for (; at < len; at++) {
		if (text[at] == '\n' || text[at] == '\r')
			continue;
		if (text[at] != '=' || n_letters < 2 || n_letters + ++n_padding > 4)
			return -(int64_t)at - 1;
	}
	if (n_letters == 1 || (n_padding && n_letters + n_padding != 4))
		return -(int64_t)len - 1;
	return 0;
}

int64_t skep_base64_read(const char *text, size_t len, uint8_t *out)
{
	unsigned int n = 0; /* letters of the present four */
	uint32_t bits = 0;
	size_t at, size = 0;
	int64_t ret;

	for (at = 0; at < len; at++) {
		int value = value_of(text[at]);

		if (value < 0 && (text[at] == '\n' || text[at] == '\r'))
			continue;
		if (value < 0)
			break;
		bits = bits << 6 | (uint32_t)value;
		if (++n < 4)
			continue;
		out[size++] = (uint8_t)(bits >> 16);
		out[size++] = (uint8_t)(bits >> 8);
		out[size++] = (uint8_t)bits;
		n = 0;
	}
	ret = read_end(text, len, at, n);
	if (ret)
		return ret;
	if (n > 1)
		out[size++] = (uint8_t)(bits >> (6 * n - 8));
	if (n > 2)
		out[size++] = (uint8_t)(bits >> 2);
	return (int64_t)size;
}
