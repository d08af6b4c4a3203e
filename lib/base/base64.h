/* SPDX-License-Identifier: MIT */
/* Bytes as letters (RFC 4648, section 4). */
#ifndef SKEP_BASE_BASE64_H
#define SKEP_BASE_BASE64_H

#include <skep/text.h>

/* Appends @len bytes as letters, with padding. */
void skep_base64_write(struct skep_text *out, const void *data, size_t len);

/*
 * Turns letters into bytes. Line ends among them are passed over, padding may be left out, and
 * anything else is damage. @out has room for @len / 4 * 3 + 3 bytes and may be the text itself.
 * Returns how many bytes came out; negative: minus the place of what is no letter, less one.
 */
int64_t skep_base64_read(const char *text, size_t len, uint8_t *out);

#endif
