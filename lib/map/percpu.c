// SPDX-License-Identifier: MIT
/* Values that there are one of for each possible CPU. */
#include "map/map.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/integer.h"
#include "kernel/cpus.h"
#include "map/type.h"

bool skep_map_is_percpu(const struct skep_map *map)
{
	return skep_map_type_is_percpu(skep_map_type(map));
}

size_t skep_map_n_values(const struct skep_map *map)
{
	struct skep_cpus cpus;

	if (!skep_map_is_percpu(map))
		return 1;
	return skep_cpus_possible(&cpus, NULL) ? 0 : cpus.count;
}

size_t skep_map_lookup_size(const struct skep_map *map)
{
	size_t size = skep_map_value_size(map);

	if (!skep_map_is_percpu(map))
		return size;
	return ((size + 7) & ~(size_t)7) * skep_map_n_values(map);
}

void *skep_map_value_at(const struct skep_map *map, void *values, size_t i)
{
	if (!values || i >= skep_map_n_values(map))
		return NULL;
	return (char *)values + i * skep_map_stride(map);
}

/* The size of the @n numbers that a value is made of, or 0. */
static size_t number_size(uint32_t value_size, size_t n)
{
	if (n == 1 && (value_size == 1 || value_size == 2 || value_size == 4))
		return value_size;
	return n && value_size % 8 == 0 && value_size / 8 == n ? 8 : 0;
}

int skep_map_sum(const struct skep_map *map, const void *key, uint64_t *sums, size_t n,
		 struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_free) void *values = NULL;
	int ret = skep_map_check(map, err);
	size_t size, len;

	if (ret)
		return ret;
	size = number_size(map->value_size, n);
	if (!size || !sums) {
		skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
			       "a value of %u bytes is not made of %zu numbers", map->value_size,
			       n);
		skep_map_add_subject(map, err);
		return -EINVAL;
	}
	len = skep_map_lookup_size(map);
	values = calloc(1, len ? len : 1);
	if (!values)
		return skep_error_nomem(err, SKEP_STAGE_LOAD);
	ret = skep_map_lookup(map, key, values, err);
	if (ret)
		return ret;
	memset(sums, 0, n * sizeof(*sums));
	for (size_t cpu = 0; cpu < skep_map_n_values(map); cpu++)
		for (size_t i = 0; i < n; i++)
			sums[i] += skep_int_load(
				(char *)skep_map_value_at(map, values, cpu) + i * size, size);
	return 0;
}
