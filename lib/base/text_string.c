// SPDX-License-Identifier: MIT
/* Strings from outside, made safe for a terminal and for JSON. */
#include <skep/text.h>

#include "base/utf8.h"

static const char hex_digits[] = "0123456789abcdef";

size_t skep_utf8_len(const uint8_t *s, size_t len)
{
	static const struct {
		uint8_t first, last, second_min, second_max, bytes;
	} forms[] = {
		{ 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 },
		{ 0xee, 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0xf0, 0x90, 0xbf, 4 },
		{ 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (s[0] < forms[i].first || s[0] > forms[i].last)
			continue;
		if (len < forms[i].bytes || s[1] < forms[i].second_min ||
		    s[1] > forms[i].second_max)
			return 0;
		for (size_t k = 2; k < forms[i].bytes; k++)
			if ((s[k] & 0xc0) != 0x80)
				return 0;
		return forms[i].bytes;
	}
	return 0;
}

/* C1 controls (U+0080 to U+009F) steer terminals as escape sequences do. */
static bool is_c1(const uint8_t *s)
{
	return s[0] == 0xc2 && s[1] < 0xa0;
}

/* The letter that stands for a byte after a backslash, or 0. */
static char short_escape(uint8_t c)
{
	return c == '\n' ? 'n' : c == '\t' ? 't' : c == '\r' ? 'r' : c == '\\' ? '\\' : '\0';
}

static void escape_byte(struct skep_text *text, uint8_t c)
{
	char esc[4] = { '\\', 0, hex_digits[c >> 4], hex_digits[c & 15] };
	char letter = short_escape(c);

	esc[1] = letter ? letter : 'x';
	skep_text_bytes(text, esc, letter ? 2 : sizeof(esc));
}

static bool is_plain(uint8_t c)
{
	return c >= 0x20 && c < 0x7f && c != '\\';
}

void skep_text_escaped(struct skep_text *text, const char *str, size_t len)
{
	const uint8_t *s = (const uint8_t *)str;
	size_t i = 0;

	len = strnlen(str, len);
	while (i < len) {
		size_t start = i, n;

		while (i < len && is_plain(s[i]))
			i++;
		skep_text_bytes(text, s + start, i - start);
		if (i == len)
			break;
		n = skep_utf8_len(s + i, len - i);
		if (n && !is_c1(s + i)) {
			skep_text_bytes(text, s + i, n);
			i += n;
		} else {
			escape_byte(text, s[i++]);
		}
	}
}

static void json_escape(struct skep_text *text, uint8_t c)
{
	char esc[6] = { '\\', 0, '0', '0', hex_digits[c >> 4], hex_digits[c & 15] };
	char letter = c == '"' ? '"' : short_escape(c);

	esc[1] = letter ? letter : 'u';
	skep_text_bytes(text, esc, letter ? 2 : sizeof(esc));
}

static bool is_json_plain(uint8_t c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

void skep_text_json_string(struct skep_text *text, const char *str, size_t len)
{
	const uint8_t *s = (const uint8_t *)str;
	size_t i = 0;

	len = strnlen(str, len);
	skep_text_char(text, '"');
	while (i < len) {
		size_t start = i, n;

		while (i < len && is_json_plain(s[i]))
			i++;
		skep_text_bytes(text, s + start, i - start);
		if (i == len)
			break;
		n = skep_utf8_len(s + i, len - i);
		if (n && is_c1(s + i)) {
			json_escape(text, s[i + 1]); /* the number of the character as well */
			i += n;
		} else if (n) {
			skep_text_bytes(text, s + i, n);
			i += n;
		} else if (s[i] < 0x80) {
			json_escape(text, s[i++]);
		} else {
			skep_text_lit(text, "\xef\xbf\xbd"); /* U+FFFD */
			i++;
		}
	}
	skep_text_char(text, '"');
}
