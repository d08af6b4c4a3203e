// SPDX-License-Identifier: MIT
/* What is particular to a type of map. */
#include "kernel/map_elements.h"
#include "kernel/sandbox.h"

#include <errno.h>

#include "base/uapi.h"

static void queues_give_in_order_and_stacks_in_reverse(void **state)
{
	struct skep_error err = { 0 };

	(void)state;
	NEED_BPF();
	for (uint32_t type = BPF_MAP_TYPE_QUEUE; type <= BPF_MAP_TYPE_STACK; type++) {
		struct skep_map *map = new_map(type, 0, 4, 3, 0);
		uint32_t out = 0;

		for (uint32_t i = 1; i < 4; i++)
			assert_ok(!skep_map_update(map, NULL, &i, 0, &err), &err);
		assert_int_equal(skep_map_update(map, NULL, &out, 0, &err), -E2BIG);
		assert_ok(!skep_map_update(map, NULL, &(uint32_t){ 4 }, BPF_EXIST, &err), &err);
		assert_ok(!skep_map_take(map, NULL, 0, &out, 4, 0, &err), &err);
		assert_int_equal(out, type == BPF_MAP_TYPE_QUEUE ? 2 : 4);
		assert_ok(!skep_map_lookup(map, NULL, &out, &err), &err);
		assert_int_equal(out, 3);
		assert_ok(!skep_map_take(map, NULL, 0, &out, 4, 0, &err), &err);
		assert_ok(!skep_map_take(map, NULL, 0, &out, 4, 0, &err), &err);
		assert_int_equal(skep_map_take(map, NULL, 0, &out, 4, 0, &err), -ENOENT);
		assert_error_says(&err, "it is empty");
		skep_map_close(map);
	}
}

static void a_bloom_filter_knows_what_was_added(void **state)
{
	const struct skep_map_opts opts = { .size = sizeof(opts),
					    .type = BPF_MAP_TYPE_BLOOM_FILTER,
					    .value_size = 4,
					    .max_entries = 1000,
					    .extra = 5 };
	struct skep_error err = { 0 };
	struct skep_map_info info = { .size = sizeof(info) };
	struct skep_map *map;
	uint32_t unknown = 0;

	(void)state;
	NEED_BPF();
	map = new_map_if_known(&opts);
	if (!map)
		SKIP_TEST("this kernel has no bloom filters");
	assert_ok(!skep_map_info(map, &info, &err), &err);
	assert_int_equal(info.extra, 5);
	for (uint32_t i = 0; i < 100; i++)
		assert_ok(!skep_map_update(map, NULL, &i, 0, &err), &err);
	for (uint32_t i = 0; i < 100; i++)
		assert_ok(!skep_map_lookup(map, NULL, &i, &err), &err);
	for (uint32_t i = 1000; i < 2000; i++)
		unknown += skep_map_lookup(map, NULL, &i, &err) == -ENOENT;
	assert_true(unknown > 900);
	assert_error_says(&err, "never added");
	assert_int_equal(skep_map_take(map, NULL, 0, &unknown, 4, 0, &err), -ENOTSUP);
	skep_map_close(map);
}

static void prefixes_match_the_longest(void **state)
{
	uint8_t wide[8] = { 0, 0, 0, 0, 10 }, narrow[8] = { 0, 0, 0, 0, 10, 1 }, out = 0;
	uint8_t address[8] = { 0, 0, 0, 0, 10, 1, 2, 3 };
	struct skep_error err = { 0 };
	struct skep_map *map;

	(void)state;
	NEED_BPF();
	put_u32(wide, 8);
	put_u32(narrow, 16);
	put_u32(address, 32);
	map = new_map(BPF_MAP_TYPE_LPM_TRIE, 8, 1, 4, BPF_F_NO_PREALLOC);
	assert_ok(!skep_map_update(map, wide, "\1", 0, &err), &err);
	assert_ok(!skep_map_update(map, narrow, "\2", 0, &err), &err);
	assert_ok(!skep_map_lookup(map, address, &out, &err), &err);
	assert_int_equal(out, 2);
	assert_ok(!skep_map_delete(map, narrow, &err), &err);
	assert_ok(!skep_map_lookup(map, address, &out, &err), &err);
	assert_int_equal(out, 1);
	assert_int_equal(skep_map_walk(map, NULL, NULL, NULL, &err), 1);
	skep_map_close(map);
}

static void rings_have_no_elements(void **state)
{
	static const uint32_t types[] = { BPF_MAP_TYPE_RINGBUF, BPF_MAP_TYPE_USER_RINGBUF };

	(void)state;
	NEED_BPF();
	for (size_t i = 0; i < 2; i++) {
		const struct skep_map_opts opts = { .size = sizeof(opts),
						    .type = types[i],
						    .max_entries = 5000 };
		struct skep_map *map = new_map_if_known(&opts);
		struct skep_error err = { 0 };

		if (!map)
			continue;
		assert_true(skep_map_max_entries(map) >= 5000);
		assert_true(skep_map_lookup(map, NULL, NULL, &err) < 0);
		assert_true(skep_map_update(map, NULL, NULL, 0, &err) < 0);
		assert_int_equal(skep_map_walk(map, NULL, NULL, NULL, &err), -ENOTSUP);
		skep_map_close(map);
	}
}

static void a_type_of_another_kernel_is_named(void **state)
{
	struct skep_map_opts opts = { .size = sizeof(opts),
				      .name = "new",
				      .key_size = 4,
				      .value_size = 16,
				      .max_entries = 1 };

	(void)state;
	NEED_BPF();
	for (uint32_t type = SKEP_MAP_TYPE_CGRP_STORAGE; type < 40; type++) {
		struct skep_error err = { 0 };
		struct skep_map *map;

		opts.type = type;
		map = skep_map_create(&opts, &err);
		if (!map)
			assert_error_says(&err, "map 'new'");
		skep_map_close(map);
	}
	assert_null(skep_map_create(&opts, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(queues_give_in_order_and_stacks_in_reverse),
		cmocka_unit_test(a_bloom_filter_knows_what_was_added),
		cmocka_unit_test(prefixes_match_the_longest),
		cmocka_unit_test(rings_have_no_elements),
		cmocka_unit_test(a_type_of_another_kernel_is_named),
	};

	return cmocka_run_group_tests_name("kernel", tests, sandbox_setup, sandbox_teardown);
}
