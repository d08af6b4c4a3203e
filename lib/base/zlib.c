// SPDX-License-Identifier: MIT
/* The zlib stream around a deflate stream (RFC 1950). */
#include <stdlib.h>

#include "base/error.h"
#include "base/inflate.h"

#define HEADER_LEN  2
#define TRAILER_LEN 4

/* Adler-32. The sums of 5,552 bytes still fit 32 bits. */
static uint32_t sum_of(const uint8_t *data, size_t len)
{
	uint32_t a = 1, b = 0;

	while (len) {
		size_t n = len < 5552 ? len : 5552;

		len -= n;
		for (; n; n--) {
			a += *data++;
			b += a;
		}
		a %= 65521;
		b %= 65521;
	}
	return b << 16 | a;
}

static int damaged(struct skep_error *err, const char *what)
{
	return skep_error_set(err, SKEP_STAGE_READ, EINVAL, "the zlib stream is damaged: %s", what);
}

static int64_t unpack(const uint8_t *data, size_t len, struct skep_unpacked *out,
		      struct skep_error *err)
{
	const uint8_t *sum;
	int64_t packed;

	if (len < HEADER_LEN || (data[0] & 15) != 8 || data[0] >> 4 > 7 ||
	    (data[0] << 8 | data[1]) % 31)
		return skep_error_set(err, SKEP_STAGE_READ, EINVAL, "this is no zlib stream");
	if (data[1] & 0x20)
		return damaged(err, "it needs a dictionary");
	packed = skep_inflate(data + HEADER_LEN, len - HEADER_LEN, out, err);
	if (packed < 0)
		return packed;
	if (len - HEADER_LEN - (size_t)packed != TRAILER_LEN)
		return damaged(err, "it does not end with its sum");
	sum = data + len - TRAILER_LEN;
	if (sum_of(out->data, out->len) !=
	    ((uint32_t)sum[0] << 24 | (uint32_t)sum[1] << 16 | (uint32_t)sum[2] << 8 | sum[3]))
		return damaged(err, "its sum is wrong");
	return (int64_t)out->len;
}

int64_t skep_zlib_unpack(const void *data, size_t len, size_t max, void **bytes,
			 struct skep_error *err)
{
	struct skep_unpacked out = { .max = max };
	int64_t ret = unpack(data, len, &out, err);

	*bytes = NULL;
	if (ret < 0)
		free(out.data);
	else
		*bytes = out.data;
	return ret;
}
