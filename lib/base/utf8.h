/* SPDX-License-Identifier: MIT */
#ifndef SKEP_BASE_UTF8_H
#define SKEP_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of the well-formed UTF-8 sequence of several at @s (RFC 3629), 0 if there is none. */
size_t skep_utf8_len(const uint8_t *s, size_t len);

#endif
