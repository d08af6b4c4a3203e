// SPDX-License-Identifier: MIT
#include "base/vec.h"

#include <errno.h>
#include <stdint.h>

int skep_vec_reserve_raw(void **items, size_t len, size_t *cap, size_t more, size_t item_size)
{
	size_t want = *cap ? *cap : 8;
	void *grown;

	if (more <= *cap - len)
		return 0;
	if (more > SIZE_MAX / 2 / item_size - len)
		return -ENOMEM;
	while (want < len + more)
		want *= 2;
	grown = realloc(*items, want * item_size);
	if (!grown)
		return -ENOMEM;
	*items = grown;
	*cap = want;
	return 0;
}
