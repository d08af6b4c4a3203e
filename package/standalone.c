// SPDX-License-Identifier: MIT
#include "package/standalone.h"

#include <string.h>

#define MARK_LEN (sizeof(SKEP_STANDALONE_MARK) - 1)

bool skep_standalone_find(const void *data, size_t len, size_t *at, size_t *package_len)
{
	const uint8_t *end = (const uint8_t *)data + len;
	uint64_t size = 0;

	if (len < MARK_LEN + 8 || memcmp(end - MARK_LEN, SKEP_STANDALONE_MARK, MARK_LEN) != 0)
		return false;
	for (int i = 0; i < 8; i++)
		size |= (uint64_t)end[i - 8 - (int)MARK_LEN] << 8 * i;
	if (size > len - MARK_LEN - 8)
		return false;
	*at = len - MARK_LEN - 8 - (size_t)size;
	*package_len = (size_t)size;
	return true;
}
