// SPDX-License-Identifier: MIT
/* The gzip file around deflate streams (RFC 1952). */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/inflate.h"

#define HEADER_LEN  10
#define TRAILER_LEN 8

enum { HAS_SUM = 2, HAS_EXTRA = 4, HAS_NAME = 8, HAS_COMMENT = 16, RESERVED = 0xe0 };

/* The polynomial of Ethernet and zlib, four bits at a time. */
static uint32_t sum_of(const uint8_t *data, size_t len)
{
	static const uint32_t table[16] = { 0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac,
					    0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
					    0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
					    0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c };
	uint32_t sum = UINT32_MAX;

	for (size_t i = 0; i < len; i++) {
		sum = table[(sum ^ data[i]) & 15] ^ sum >> 4;
		sum = table[(sum ^ data[i] >> 4) & 15] ^ sum >> 4;
	}
	return ~sum;
}

static uint32_t little32(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint32_t little16(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8;
}

static int damaged(struct skep_error *err, const char *what)
{
	return skep_error_set(err, SKEP_STAGE_READ, EINVAL, "the gzip file is damaged: %s", what);
}

/* Where the string at @at ends, behind its NUL; 0 if it does not. */
static size_t skip_string(const uint8_t *data, size_t len, size_t at)
{
	const uint8_t *nul = at < len ? memchr(data + at, 0, len - at) : NULL;

	return nul ? (size_t)(nul - data) + 1 : 0;
}

/* Bytes of the header, or -EINVAL. */
static int64_t header_len(const uint8_t *data, size_t len, struct skep_error *err)
{
	size_t at = HEADER_LEN;
	uint8_t flags;

	if (len < HEADER_LEN || data[0] != 0x1f || data[1] != 0x8b)
		return skep_error_set(err, SKEP_STAGE_READ, EINVAL, "this is no gzip file");
	flags = data[3];
	if (data[2] != 8 || flags & RESERVED)
		return damaged(err, "it is packed in an unknown way");
	if (flags & HAS_EXTRA) {
		if (len - at < 2 || len - at - 2 < little16(data + at))
			return damaged(err, "it is cut off");
		at += 2 + little16(data + at);
	}
	if (flags & HAS_NAME)
		at = skip_string(data, len, at);
	if (at && flags & HAS_COMMENT)
		at = skip_string(data, len, at);
	if (!at || (flags & HAS_SUM && len - at < 2))
		return damaged(err, "it is cut off");
	if (flags & HAS_SUM) {
		if ((sum_of(data, at) & 0xffff) != little16(data + at))
			return damaged(err, "its header's sum is wrong");
		at += 2;
	}
	return (int64_t)at;
}

/* Unpacks the member at the beginning of @data. Returns its length there. */
static int64_t member(const uint8_t *data, size_t len, struct skep_unpacked *out,
		      struct skep_error *err)
{
	int64_t at = header_len(data, len, err), packed;
	const uint8_t *trailer;
	size_t unpacked;

	if (at < 0)
		return at;
	packed = skep_inflate(data + at, len - (size_t)at, out, err);
	if (packed < 0)
		return packed;
	at += packed;
	if (len - (size_t)at < TRAILER_LEN)
		return damaged(err, "it is cut off");
	trailer = data + at;
	unpacked = out->len - out->start;
	if (little32(trailer + 4) != (uint32_t)unpacked)
		return damaged(err, "its size is wrong");
	if (little32(trailer) != (unpacked ? sum_of(out->data + out->start, unpacked) : 0))
		return damaged(err, "its sum is wrong");
	return at + TRAILER_LEN;
}

static int64_t members(const uint8_t *data, size_t len, struct skep_unpacked *out,
		       struct skep_error *err)
{
	size_t at = 0;

	do {
		int64_t taken = member(data + at, len - at, out, err);

		if (taken < 0)
			return taken;
		at += (size_t)taken;
	} while (at < len);
	return (int64_t)out->len;
}

int64_t skep_gunzip(const void *data, size_t len, size_t max, char **text, struct skep_error *err)
{
	struct skep_unpacked out = { .max = max };
	int64_t ret = members(data, len, &out, err);

	*text = ret < 0 ? NULL : realloc(out.data, out.len + 1);
	if (!*text) {
		free(out.data);
		return ret < 0 ? ret : skep_error_nomem(err, SKEP_STAGE_READ);
	}
	(*text)[out.len] = '\0';
	return ret;
}
