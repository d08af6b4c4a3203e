// SPDX-License-Identifier: MIT
/* Walks over maps and many elements at once, with batches and without. */
#include "kernel/map_support.h"

#include <errno.h>

#define MANY 5000

struct seen {
	uint8_t times[MANY];
	const struct skep_map *map;
	uint32_t limit; /* stop after so many */
	uint32_t count;
	bool deletes; /* what it meets */
};

static int see(void *ctx, const void *key, void *value)
{
	struct seen *seen = ctx;
	uint32_t k = *(const uint32_t *)key;

	assert_true(k < MANY);
	if (value)
		assert_int_equal(*(uint64_t *)value, 3 * k);
	seen->times[k]++;
	if (seen->deletes)
		skep_map_delete(seen->map, key, NULL);
	return ++seen->count == seen->limit ? 42 : 0;
}

static void assert_all_seen_once(const struct seen *seen, uint32_t n)
{
	for (uint32_t i = 0; i < MANY; i++)
		if (seen->times[i] != (i < n))
			fail_msg("key %u was met %u times", i, seen->times[i]);
}

static void walk_meets_all(uint32_t type, uint32_t flags, bool one_by_one, uint32_t batch)
{
	const struct skep_map_iter_opts opts = { .size = sizeof(opts),
						 .one_by_one = one_by_one,
						 .batch = batch };
	/* An LRU map forgets before it is full. */
	uint32_t room = type == BPF_MAP_TYPE_ARRAY ? MANY : 4 * MANY;
	struct skep_map *map = new_map(type, 4, 8, room, flags);
	struct skep_error err = { 0 };
	struct seen seen = { .map = map };

	fill_map(map, MANY);
	assert_ok(skep_map_walk(map, &opts, see, &seen, &err) == MANY, &err);
	assert_all_seen_once(&seen, MANY);
	skep_map_close(map);
}

static void a_walk_meets_every_element_once(void **state)
{
	(void)state;
	NEED_BPF();
	for (int one_by_one = 0; one_by_one < 2; one_by_one++) {
		walk_meets_all(BPF_MAP_TYPE_HASH, 0, one_by_one, 0);
		walk_meets_all(BPF_MAP_TYPE_HASH, BPF_F_NO_PREALLOC, one_by_one, 100);
		walk_meets_all(BPF_MAP_TYPE_LRU_HASH, 0, one_by_one, 1);
		walk_meets_all(BPF_MAP_TYPE_ARRAY, 0, one_by_one, 7);
	}
}

static void an_empty_map_is_walked_over(void **state)
{
	struct skep_map_iter *iter;
	struct skep_error err = { 0 };
	struct skep_map *map;

	(void)state;
	NEED_BPF();
	map = new_map(BPF_MAP_TYPE_HASH, 4, 8, 10, 0);
	assert_ok(skep_map_walk(map, NULL, see, NULL, &err) == 0, &err);
	iter = skep_map_iter_new(map, NULL, &err);
	assert_ok(iter, &err);
	assert_int_equal(skep_map_iter_next(iter, NULL, NULL, &err), 0);
	assert_int_equal(skep_map_iter_next(iter, NULL, NULL, &err), 0);
	skep_map_iter_free(iter);
	skep_map_close(map);
}

static void a_walk_is_stopped_by_its_callback(void **state)
{
	struct seen seen = { .limit = 3 };
	struct skep_error err = { 0 };
	struct skep_map *map;

	(void)state;
	NEED_BPF();
	map = new_map(BPF_MAP_TYPE_HASH, 4, 8, 10, 0);
	fill_map(map, 10);
	assert_int_equal(skep_map_walk(map, NULL, see, &seen, &err), 42);
	assert_int_equal(seen.count, 3);
	skep_map_close(map);
}

static void elements_may_be_deleted_while_they_are_met(void **state)
{
	(void)state;
	NEED_BPF();
	for (int one_by_one = 0; one_by_one < 2; one_by_one++) {
		const struct skep_map_iter_opts opts = { .size = sizeof(opts),
							 .one_by_one = one_by_one };
		struct skep_map *map = new_map(BPF_MAP_TYPE_HASH, 4, 8, MANY, 0);
		struct seen seen = { .map = map, .deletes = true };
		struct skep_error err = { 0 };

		fill_map(map, MANY);
		assert_ok(skep_map_walk(map, &opts, see, &seen, &err) == MANY, &err);
		assert_all_seen_once(&seen, MANY);
		assert_int_equal(skep_map_walk(map, NULL, NULL, NULL, &err), 0);
		skep_map_close(map);
	}
}

/* Deletes the next key as well, which sends a walk key by key back to the first. */
static int disturb(void *ctx, const void *key, void *value)
{
	const struct skep_map *map = ctx;
	uint64_t old = 1;
	uint32_t next;

	(void)value;
	if (!skep_map_next_key(map, key, &next, NULL)) {
		skep_map_delete(map, &next, NULL);
		next += 1000000;
		skep_map_update(map, &next, &old, 0, NULL);
	}
	return 0;
}

static void a_map_that_changes_does_not_hold_a_walk(void **state)
{
	(void)state;
	NEED_BPF();
	for (int one_by_one = 0; one_by_one < 2; one_by_one++) {
		const struct skep_map_iter_opts opts = { .size = sizeof(opts),
							 .one_by_one = one_by_one };
		struct skep_map *map = new_map(BPF_MAP_TYPE_HASH, 4, 8, MANY, 0);
		struct skep_error err = { 0 };
		int64_t n;

		fill_map(map, 1000);
		n = skep_map_walk(map, &opts, disturb, map, &err);
		assert_ok(n >= 0 || n == -EAGAIN, &err);
		skep_map_close(map);
	}
}

static void batches_are_handed_out_whole(void **state)
{
	const struct skep_map_iter_opts opts = { .size = sizeof(opts), .batch = 512 };
	size_t n = 0, total = 0, calls = 0;
	struct skep_error err = { 0 };
	struct skep_map_iter *iter;
	struct skep_map *map;
	const void *keys;
	void *values;

	(void)state;
	NEED_BPF();
	map = new_map(BPF_MAP_TYPE_ARRAY, 4, 8, MANY, 0);
	fill_map(map, MANY);
	iter = skep_map_iter_new(map, &opts, &err);
	assert_ok(iter, &err);
	while (skep_map_iter_batch(iter, &keys, &values, &n, &err) > 0) {
		for (size_t i = 0; i < n; i++) {
			assert_int_equal(((const uint32_t *)keys)[i], total + i);
			assert_int_equal(((uint64_t *)values)[i], 3 * (total + i));
		}
		total += n;
		calls++;
	}
	assert_int_equal(total, MANY);
	assert_int_equal(calls, (MANY + 511) / 512);
	skep_map_iter_free(iter);
	skep_map_close(map);
}

static void a_walk_may_take_all(void **state)
{
	(void)state;
	NEED_BPF();
	for (int one_by_one = 0; one_by_one < 2; one_by_one++) {
		const struct skep_map_iter_opts opts = { .size = sizeof(opts),
							 .take = true,
							 .one_by_one = one_by_one };
		struct skep_map *map = new_map(BPF_MAP_TYPE_HASH, 4, 8, MANY, 0);
		struct skep_error err = { 0 };
		struct seen seen = { 0 };

		fill_map(map, 1000);
		assert_ok(skep_map_walk(map, &opts, see, &seen, &err) == 1000, &err);
		assert_all_seen_once(&seen, 1000);
		assert_int_equal(skep_map_walk(map, NULL, NULL, NULL, &err), 0);
		skep_map_close(map);
	}
}

static int add_up(void *ctx, const void *key, void *value)
{
	assert_null(key);
	*(uint32_t *)ctx = *(uint32_t *)ctx * 10 + *(uint32_t *)value;
	return 0;
}

static void queues_and_stacks_are_walked_by_taking(void **state)
{
	const struct skep_map_iter_opts opts = { .size = sizeof(opts), .take = true };

	(void)state;
	NEED_BPF();
	for (uint32_t type = BPF_MAP_TYPE_QUEUE; type <= BPF_MAP_TYPE_STACK; type++) {
		struct skep_map *map = new_map(type, 0, 4, 4, 0);
		struct skep_error err = { 0 };
		uint32_t sum = 0;

		for (uint32_t i = 1; i < 4; i++)
			assert_ok(!skep_map_update(map, NULL, &i, 0, &err), &err);
		assert_int_equal(skep_map_walk(map, NULL, add_up, &sum, &err), -ENOTSUP);
		assert_error_says(&err, "set opts.take");
		assert_ok(skep_map_walk(map, &opts, add_up, &sum, &err) == 3, &err);
		assert_int_equal(sum, type == BPF_MAP_TYPE_QUEUE ? 123 : 321);
		skep_map_close(map);
	}
}

static void per_cpu_values_come_whole(void **state)
{
	(void)state;
	NEED_BPF();
	for (int one_by_one = 0; one_by_one < 2; one_by_one++) {
		const struct skep_map_iter_opts opts = { .size = sizeof(opts),
							 .one_by_one = one_by_one };
		struct skep_map *map = new_map(BPF_MAP_TYPE_PERCPU_HASH, 4, 8, 8, 0);
		size_t n_values = skep_map_n_values(map), n = 8, met = 0;
		uint64_t *values = calloc(8 * n_values, sizeof(*values));
		struct skep_error err = { 0 };
		struct skep_map_iter *iter;
		const void *key;
		uint32_t keys[8];
		void *value;

		for (uint32_t k = 0; k < 8; k++)
			keys[k] = k;
		for (size_t i = 0; i < 8 * n_values; i++)
			values[i] = i;
		assert_ok(!skep_map_update_batch(map, keys, values, &n, 0, &err), &err);
		iter = skep_map_iter_new(map, &opts, &err);
		while (skep_map_iter_next(iter, &key, &value, &err) > 0) {
			uint32_t k = *(const uint32_t *)key;

			for (size_t i = 0; i < n_values; i++)
				assert_int_equal(*(uint64_t *)skep_map_value_at(map, value, i),
						 k * n_values + i);
			met++;
		}
		assert_int_equal(met, 8);
		skep_map_iter_free(iter);
		skep_map_close(map);
		free(values);
	}
}

static void many_are_written_and_deleted_up_to_the_first_refused(void **state)
{
	const uint32_t prefixes[][2] = { { 8, 0 }, { 16, 0 } }; /* length and bytes */
	uint32_t keys[] = { 1, 2, 3, 4, 5 };
	uint64_t values[] = { 3, 6, 9, 12, 15 };
	struct skep_error err = { 0 };
	struct skep_map *map;
	size_t n = 5;

	(void)state;
	NEED_BPF();
	map = new_map(BPF_MAP_TYPE_HASH, 4, 8, 3, 0);
	assert_int_equal(skep_map_update_batch(map, keys, values, &n, 0, &err), -E2BIG);
	assert_int_equal(n, 3);
	n = 3;
	assert_int_equal(skep_map_update_batch(map, keys, values, &n, BPF_NOEXIST, &err), -EEXIST);
	assert_int_equal(n, 0);
	n = 2;
	assert_ok(!skep_map_delete_batch(map, keys, &n, &err), &err);
	assert_int_equal(n, 2);
	n = 3;
	assert_int_equal(skep_map_delete_batch(map, keys + 2, &n, &err), -ENOENT);
	assert_int_equal(n, 1);
	n = 0;
	assert_ok(!skep_map_delete_batch(map, keys, &n, &err), &err);
	assert_int_equal(skep_map_update_batch(map, keys, NULL, &n, 0, &err), -EINVAL);
	assert_error_says(&err, "map 'test_map': keys, values and their number");
	assert_int_equal(skep_map_delete_batch(map, keys, NULL, &err), -EINVAL);
	skep_map_close(map);

	map = new_map(BPF_MAP_TYPE_LPM_TRIE, 8, 8, 4, BPF_F_NO_PREALLOC);
	n = 2;
	assert_ok(!skep_map_update_batch(map, prefixes, values, &n, 0, &err), &err);
	assert_int_equal(skep_map_walk(map, NULL, NULL, NULL, &err), 2);
	skep_map_close(map);
}

static void keys_alone_are_listed(void **state)
{
	const struct skep_map_iter_opts opts = { .size = sizeof(opts), .keys_only = true };
	struct skep_error err = { 0 };
	struct skep_map *map;
	struct seen seen = { 0 };

	(void)state;
	NEED_BPF();
	map = new_map(BPF_MAP_TYPE_PERF_EVENT_ARRAY, 4, 4, 4, 0);
	assert_ok(skep_map_walk(map, &opts, see, &seen, &err) == 4, &err);
	assert_all_seen_once(&seen, 4);
	assert_int_equal(skep_map_walk(map, NULL, NULL, NULL, &err), -ENOTSUP);
	assert_error_says(&err, "perf_event_array");
	skep_map_close(map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_walk_meets_every_element_once),
		cmocka_unit_test(an_empty_map_is_walked_over),
		cmocka_unit_test(a_walk_is_stopped_by_its_callback),
		cmocka_unit_test(elements_may_be_deleted_while_they_are_met),
		cmocka_unit_test(a_map_that_changes_does_not_hold_a_walk),
		cmocka_unit_test(batches_are_handed_out_whole),
		cmocka_unit_test(a_walk_may_take_all),
		cmocka_unit_test(queues_and_stacks_are_walked_by_taking),
		cmocka_unit_test(per_cpu_values_come_whole),
		cmocka_unit_test(many_are_written_and_deleted_up_to_the_first_refused),
		cmocka_unit_test(keys_alone_are_listed),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
