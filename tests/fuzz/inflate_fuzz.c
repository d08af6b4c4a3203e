// SPDX-License-Identifier: MIT
/* Any bytes as a gzip file, and as deflate streams from each of their first places on. */
#include <stdlib.h>

#include "base/inflate.h"
#include "fuzz/fuzz.h"

#define MAX_UNPACKED (1 << 16)
#define PLACES	     16

static void inflate(const uint8_t *data, size_t len)
{
	struct skep_unpacked out = { .max = MAX_UNPACKED };
	struct skep_error err = { 0 };
	int64_t taken = skep_inflate(data, len, &out, &err);

	FUZZ_ASSERT(taken < 0 ? taken == -err.code : taken <= (int64_t)len);
	FUZZ_ASSERT(out.len <= out.cap && out.len <= MAX_UNPACKED);
	free(out.data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct skep_error err = { 0 };
	char *text = NULL;
	int64_t n = skep_gunzip(data, len, MAX_UNPACKED, &text, &err);

	FUZZ_ASSERT(n < 0 ? n == -err.code && !text : text && !text[n]);
	free(text);
	for (size_t i = 0; i < PLACES && i < len; i++)
		inflate(data + i, len - i);
	return 0;
}
