/* SPDX-License-Identifier: MIT */
/* Values as people write them; each is appended to a text. */
#ifndef SKEP_BASE_READABLE_H
#define SKEP_BASE_READABLE_H

#include <skep/text.h>

/* An IPv4 (4 bytes) or IPv6 address (16), in the order of the network. */
void skep_write_address(const uint8_t *bytes, size_t len, struct skep_text *out);

/* "0a:1b:2c:3d:4e:5f", or with another separator; '\0': none. */
void skep_write_octets(const uint8_t *bytes, size_t len, char separator, struct skep_text *out);

/* "ENOENT" for 2 and -2; numbers that name no error, and 0, as they are. */
void skep_write_errno(int64_t number, struct skep_text *out);

/* "SIGKILL"; numbers that are no signal's as they are. */
void skep_write_signal(int64_t number, struct skep_text *out);

/* "1.500 ms": nanoseconds with the unit that leaves one to three digits before the point. */
void skep_write_span(int64_t ns, struct skep_text *out);

/* "4.0 KiB". */
void skep_write_size(uint64_t bytes, struct skep_text *out);

/* "12:30:01.000123" of local time, from nanoseconds since 1970. */
void skep_write_clock(uint64_t realtime, struct skep_text *out);

/* "2026-01-31T12:30:01.000123456Z" likewise, the same everywhere. */
void skep_write_instant(uint64_t realtime, struct skep_text *out);

#endif
