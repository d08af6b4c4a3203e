/* SPDX-License-Identifier: MIT */
#ifndef SKEP_STREAM_NET_UTF8_H
#define SKEP_STREAM_NET_UTF8_H

#include <skep/text.h>

#include "base/utf8.h"

/* Bytes of ASCII at @s that are taken as they are. */
static inline size_t skep_plain_run(const uint8_t *s, size_t len, const char *escaped)
{
	size_t n = 0;

	while (n < len && s[n] < 0x80 && !(escaped && s[n] && strchr(escaped, s[n])))
		n++;
	return n;
}

/*
 * Appends what protocols take as a string: bytes that are not UTF-8 become U+FFFD, and the ASCII
 * characters of @escaped get a backslash in front.
 */
static inline void skep_text_utf8(struct skep_text *out, const char *data, size_t len,
				  const char *escaped)
{
	const uint8_t *s = (const uint8_t *)data, *end = s + len;

	while (s < end) {
		size_t n = skep_plain_run(s, (size_t)(end - s), escaped);

		skep_text_bytes(out, s, n);
		s += n;
		if (s == end)
			break;
		n = s[0] < 0x80 ? 1 : skep_utf8_len(s, (size_t)(end - s));
		if (s[0] < 0x80)
			skep_text_char(out, '\\');
		if (n)
			skep_text_bytes(out, s, n);
		else
			skep_text_lit(out, "\xef\xbf\xbd");
		s += n ? n : 1;
	}
}

#endif
