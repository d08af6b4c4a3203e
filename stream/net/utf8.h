/* SPDX-License-Identifier: MIT */
#ifndef SKEP_STREAM_NET_UTF8_H
#define SKEP_STREAM_NET_UTF8_H

#include <skep/text.h>

#include "base/utf8.h"

/*
 * Appends what protocols take as a string: bytes that are not UTF-8 become U+FFFD, and the ASCII
 * characters of @escaped get a backslash in front.
 */
static inline void skep_text_utf8(struct skep_text *out, const char *data, size_t len,
				  const char *escaped)
{
	const uint8_t *s = (const uint8_t *)data;

	for (size_t i = 0, n; i < len; i += n) {
		n = s[i] < 0x80 ? 1 : skep_utf8_len(s + i, len - i);
		if (s[i] && s[i] < 0x80 && escaped && strchr(escaped, s[i]))
			skep_text_char(out, '\\');
		if (n)
			skep_text_bytes(out, s + i, n);
		else
			skep_text_lit(out, "\xef\xbf\xbd");
		n = n ? n : 1;
	}
}

#endif
