// SPDX-License-Identifier: MIT
#include "kernel/map_support.h"

#include <errno.h>

struct skep_map *new_map(uint32_t type, uint32_t key_size, uint32_t value_size,
			 uint32_t max_entries, uint32_t flags)
{
	const struct skep_map_opts opts = { .size = sizeof(opts),
					    .name = "test_map",
					    .type = type,
					    .key_size = key_size,
					    .value_size = value_size,
					    .max_entries = max_entries,
					    .flags = flags };
	struct skep_error err = { 0 };
	struct skep_map *map = skep_map_create(&opts, &err);

	assert_ok(map, &err);
	return map;
}

struct skep_map *new_map_if_known(const struct skep_map_opts *opts)
{
	struct skep_error err = { 0 };
	struct skep_map *map = skep_map_create(opts, &err);

	if (!map && err.code != ENOTSUP && !error_says(&err, "may lack"))
		assert_ok(map, &err);
	return map;
}

void fill_map(const struct skep_map *map, uint32_t n)
{
	struct skep_error err = { 0 };
	uint32_t *keys = calloc(n, sizeof(*keys));
	uint64_t *values = calloc(n, sizeof(*values));
	size_t done = n;

	for (uint32_t i = 0; i < n; i++) {
		keys[i] = i;
		values[i] = 3 * i;
	}
	assert_ok(!skep_map_update_batch(map, keys, values, &done, 0, &err), &err);
	assert_int_equal(done, n);
	free(keys);
	free(values);
}
