// SPDX-License-Identifier: MIT
/* Walks over a full hash: prints nanoseconds an element by batches, and key by key. */
#include <skep/skep.h>

#include <stdlib.h>

#include "clock.h"

#define ELEMENTS 100000

static struct skep_map *make(struct skep_error *err)
{
	const struct skep_map_opts opts = { .size = sizeof(opts),
					    .name = "walk",
					    .type = BPF_MAP_TYPE_HASH,
					    .key_size = 8,
					    .value_size = 8,
					    .max_entries = ELEMENTS };
	struct skep_map *map = skep_map_create(&opts, err);
	uint64_t value;

	for (uint64_t key = 0; map && key < ELEMENTS; key++) {
		value = key;
		if (skep_map_update(map, &key, &value, 0, err))
			exit(1);
	}
	return map;
}

static int add(void *ctx, const void *key, void *value)
{
	*(uint64_t *)ctx += *(const uint64_t *)key == *(uint64_t *)value;
	return 0;
}

/* Nanoseconds an element, or below 0. */
static double walk(const struct skep_map *map, bool one_by_one, struct skep_error *err)
{
	const struct skep_map_iter_opts opts = { .size = sizeof(opts), .one_by_one = one_by_one };
	int64_t start = now_ns(CLOCK_PROCESS_CPUTIME_ID), n;
	uint64_t good = 0;

	n = skep_map_walk(map, &opts, add, &good, err);
	if (n != ELEMENTS || good != ELEMENTS)
		return -1;
	return (double)(now_ns(CLOCK_PROCESS_CPUTIME_ID) - start) / ELEMENTS;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct skep_map *map = make(&err);
	double batches = map ? walk(map, false, &err) : -1;
	double keys = map ? walk(map, true, &err) : -1;

	skep_map_close(map);
	if (batches < 0 || keys < 0) {
		skep_error_print(&err, stderr);
		return 1;
	}
	printf("%.1f %.1f\n", batches, keys);
	return 0;
}
