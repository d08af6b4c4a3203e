// SPDX-License-Identifier: MIT
/* Maps without an object: made, opened, described, read with checks. */
#include "kernel/map_support.h"

#include <errno.h>
#include <fcntl.h>

#include "base/uapi.h"

static void a_map_needs_no_object(void **state)
{
	uint64_t value = 77, out = 0;
	struct skep_error err = { 0 };
	struct skep_map *map;
	uint32_t key = 3, id;

	(void)state;
	NEED_BPF();
	map = new_map(BPF_MAP_TYPE_HASH, 4, 8, 16, BPF_F_NO_PREALLOC);
	assert_string_equal(skep_map_name(map), "test_map");
	assert_null(skep_map_spec(map));
	assert_int_equal(skep_map_flags(map), BPF_F_NO_PREALLOC);
	assert_ok(!skep_map_put(map, &key, 4, &value, 8, BPF_NOEXIST, &err), &err);
	assert_ok(!skep_map_get(map, &key, 4, &out, 8, 0, &err), &err);
	assert_int_equal(out, 77);
	id = map_id(skep_map_fd(map));
	skep_map_close(map);
	assert_true(id_goes_away(BPF_MAP_GET_FD_BY_ID, id));
}

static void a_map_is_opened_by_id_and_by_fd(void **state)
{
	struct skep_map *map, *by_id, *by_fd;
	struct skep_error err = { 0 };
	uint32_t key = 1;
	uint64_t value = 5, out = 0;

	(void)state;
	NEED_BPF();
	map = new_map(BPF_MAP_TYPE_ARRAY, 4, 8, 4, 0);
	by_id = skep_map_open_id(map_id(skep_map_fd(map)), &err);
	assert_ok(by_id, &err);
	by_fd = skep_map_from_fd(skep_map_fd(map), &err);
	assert_ok(by_fd, &err);
	assert_int_not_equal(skep_map_fd(by_fd), skep_map_fd(map));
	skep_map_close(map);
	assert_ok(!skep_map_update(by_id, &key, &value, 0, &err), &err);
	assert_ok(!skep_map_lookup(by_fd, &key, &out, &err), &err);
	assert_int_equal(out, 5);
	assert_string_equal(skep_map_name(by_fd), "test_map");
	assert_int_equal(skep_map_max_entries(by_id), 4);
	skep_map_close(by_id);
	skep_map_close(by_fd);
}

static void what_is_no_map_is_not_opened(void **state)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	struct skep_error err = { 0 };

	(void)state;
	NEED_BPF();
	assert_null(skep_map_from_fd(null, &err));
	assert_error_says(&err, "something else");
	assert_null(skep_map_from_fd(-1, &err));
	assert_int_equal(err.code, EBADF);
	assert_null(skep_map_open_id(UINT32_MAX - 1, &err));
	assert_int_equal(err.code, ENOENT);
	assert_error_says(&err, "no map with this id");
	assert_null(skep_map_open_pinned(NULL, &err));
	close(null);
}

static void a_map_is_described(void **state)
{
	struct skep_map_info info = { .size = sizeof(info) };
	struct skep_error err = { 0 };
	struct skep_map *map;

	(void)state;
	NEED_BPF();
	map = new_map(BPF_MAP_TYPE_HASH, 4, 24, 100, 0);
	assert_ok(!skep_map_info(map, &info, &err), &err);
	assert_int_equal(info.id, map_id(skep_map_fd(map)));
	assert_int_equal(info.type, BPF_MAP_TYPE_HASH);
	assert_int_equal(info.key_size, 4);
	assert_int_equal(info.value_size, 24);
	assert_int_equal(info.max_entries, 100);
	assert_string_equal(info.name, "test_map");
	assert_true(info.memory > 100 * 24);
	assert_false(info.is_frozen);
	assert_ok(!skep_map_freeze(map, &err), &err);
	assert_ok(!skep_map_info(map, &info, &err), &err);
	assert_true(info.is_frozen);
	/* A caller that knows less of it gets less. */
	info = (struct skep_map_info){ .size = offsetof(struct skep_map_info, value_size),
				       .value_size = 77 };
	assert_ok(!skep_map_info(map, &info, &err), &err);
	assert_int_equal(info.key_size, 4);
	assert_int_equal(info.value_size, 77);
	assert_int_equal(info.size, offsetof(struct skep_map_info, value_size));
	info.size = 0;
	assert_int_equal(skep_map_info(map, &info, &err), -EINVAL);
	skep_map_close(map);
}

static void a_frozen_map_is_only_read(void **state)
{
	struct skep_error err = { 0 };
	uint32_t key = 0;
	uint64_t value = 4, out = 0;
	struct skep_map *map;

	(void)state;
	NEED_BPF();
	map = new_map(BPF_MAP_TYPE_ARRAY, 4, 8, 1, 0);
	assert_ok(!skep_map_update(map, &key, &value, 0, &err), &err);
	assert_ok(!skep_map_freeze(map, &err), &err);
	assert_int_equal(skep_map_update(map, &key, &value, 0, &err), -EPERM);
	assert_error_says(&err, "frozen");
	assert_ok(!skep_map_lookup(map, &key, &out, &err), &err);
	assert_int_equal(out, 4);
	assert_true(skep_map_freeze(map, &err) < 0);
	assert_error_says(&err, "frozen");
	skep_map_close(map);
}

static void wrong_sizes_and_handles_are_refused(void **state)
{
	struct skep_error err = { 0 };
	struct skep_map *map;
	uint64_t value = 0;
	uint32_t key = 0;
	size_t n = 1;

	(void)state;
	NEED_BPF();
	map = new_map(BPF_MAP_TYPE_HASH, 4, 8, 4, 0);
	assert_int_equal(skep_map_put(map, &key, 2, &value, 8, 0, &err), -EINVAL);
	assert_error_says(&err, "its key has 4 bytes, not 2");
	assert_int_equal(skep_map_put(map, &key, 4, &value, 4, 0, &err), -EINVAL);
	assert_error_says(&err, "its value has 8 bytes, not 4");
	assert_int_equal(skep_map_get(map, NULL, 4, &value, 8, 0, &err), -EINVAL);
	assert_error_says(&err, "no key");
	assert_int_equal(skep_map_lookup(map, &key, NULL, &err), -EINVAL);
	assert_int_equal(skep_map_update(map, NULL, &value, 0, &err), -EINVAL);
	assert_int_equal(skep_map_delete(map, NULL, &err), -EINVAL);
	assert_int_equal(skep_map_next_key(map, NULL, NULL, &err), -EINVAL);
	assert_int_equal(skep_map_take(map, &key, 4, &value, 7, 0, &err), -EINVAL);
	assert_int_equal(skep_map_update_batch(map, &key, NULL, &n, 0, &err), -EINVAL);
	assert_int_equal(skep_map_lookup(NULL, &key, &value, &err), -EINVAL);
	assert_int_equal(skep_map_freeze(NULL, &err), -EINVAL);
	assert_int_equal(skep_map_walk(NULL, NULL, NULL, NULL, &err), -EINVAL);
	assert_null(skep_map_memory(NULL, NULL, NULL, &err));
	assert_int_equal(skep_map_iter_next(NULL, NULL, NULL, &err), -EINVAL);
	assert_int_equal(skep_map_fd(NULL), -1);
	assert_int_equal(skep_map_key_size(NULL), 0);
	assert_string_equal(skep_map_name(NULL), "");
	skep_map_close(map);
	skep_map_close(NULL);
}

static void a_refused_map_says_what_does_not_fit(void **state)
{
	struct skep_map_opts opts = { .size = sizeof(opts), .name = "odd" };
	struct skep_error err = { 0 };

	(void)state;
	NEED_BPF();
	opts.type = BPF_MAP_TYPE_HASH;
	assert_null(skep_map_create(&opts, &err));
	assert_error_says(&err, "map 'odd'");
	assert_error_says(&err, "key_size 0");
	opts.type = 999;
	assert_null(skep_map_create(&opts, &err));
	assert_int_equal(err.code, ENOTSUP);
	opts.type = BPF_MAP_TYPE_ARRAY_OF_MAPS;
	assert_null(skep_map_create(&opts, &err));
	assert_error_says(&err, "opts.inner");
	assert_null(skep_map_create(NULL, &err));
}

static void an_element_is_taken_at_once_or_in_two_steps(void **state)
{
	struct skep_error err = { 0 };
	uint64_t value = 9, out = 0;
	struct skep_map *map;
	uint32_t key = 3;
	int ret;

	(void)state;
	NEED_BPF();
	map = new_map(BPF_MAP_TYPE_HASH, 4, 8, 4, 0);
	assert_ok(!skep_map_update(map, &key, &value, 0, &err), &err);
	ret = skep_map_take(map, &key, 4, &out, 8, 0, &err);
	assert_ok(ret == 0 || ret == 1, &err);
	assert_int_equal(out, 9);
	assert_int_equal(skep_map_take(map, &key, 4, &out, 8, 0, &err), -ENOENT);
	skep_map_close(map);

	map = new_map(BPF_MAP_TYPE_ARRAY, 4, 8, 4, 0);
	assert_int_equal(skep_map_take(map, &key, 4, &out, 8, 0, &err), -ENOTSUP);
	assert_error_says(&err, "type array");
	assert_int_equal(skep_map_delete(map, &key, &err), -ENOTSUP);
	skep_map_close(map);
}

static void values_of_cpus_are_added_up(void **state)
{
	struct skep_error err = { 0 };
	uint64_t values[4096] = { 0 }, sums[2] = { 0 };
	uint32_t key = 0;
	struct skep_map *map;
	size_t n;

	(void)state;
	NEED_BPF();
	map = new_map(BPF_MAP_TYPE_PERCPU_HASH, 4, 4, 4, 0);
	n = skep_map_n_values(map);
	assert_true(n >= 1 && n * 2 <= 4096);
	assert_int_equal(skep_map_lookup_size(map), n * 8);
	for (size_t i = 0; i < n; i++)
		*(uint32_t *)skep_map_value_at(map, values, i) = (uint32_t)(i + 1);
	assert_null(skep_map_value_at(map, values, n));
	assert_ok(!skep_map_put(map, &key, 4, values, n * 8, 0, &err), &err);
	assert_ok(!skep_map_sum(map, &key, sums, 1, &err), &err);
	assert_int_equal(sums[0], n * (n + 1) / 2);
	assert_int_equal(skep_map_sum(map, &key, sums, 2, &err), -EINVAL);
	skep_map_close(map);

	map = new_map(BPF_MAP_TYPE_PERCPU_ARRAY, 4, 16, 1, 0);
	for (size_t i = 0; i < 2 * n; i++)
		values[i] = i % 2 ? 100 : 1;
	assert_ok(!skep_map_update(map, &key, values, 0, &err), &err);
	assert_ok(!skep_map_sum(map, &key, sums, 2, &err), &err);
	assert_int_equal(sums[0], n);
	assert_int_equal(sums[1], 100 * n);
	assert_int_equal(skep_map_sum(map, &key, sums, 1, &err), -EINVAL);
	skep_map_close(map);
}

static void one_value_may_stand_for_a_cpu_or_for_all(void **state)
{
	const uint64_t cpu_zero = SKEP_F_CPU;
	struct skep_error err = { 0 };
	uint64_t value = 5, sum = 0;
	struct skep_map *map;
	uint32_t key = 0;
	int ret;

	(void)state;
	NEED_BPF();
	map = new_map(BPF_MAP_TYPE_PERCPU_ARRAY, 4, 8, 1, 0);
	ret = skep_map_put(map, &key, 4, &value, 8, SKEP_F_ALL_CPUS, &err);
	if (ret == -EINVAL) {
		skep_map_close(map);
		SKIP_TEST("this kernel writes the values of all CPUs or none");
	}
	assert_ok(!ret, &err);
	value = 100;
	assert_ok(!skep_map_put(map, &key, 4, &value, 8, cpu_zero, &err), &err);
	assert_ok(!skep_map_sum(map, &key, &sum, 1, &err), &err);
	assert_int_equal(sum, 100 + 5 * (skep_map_n_values(map) - 1));
	value = 0;
	assert_ok(!skep_map_get(map, &key, 4, &value, 8, cpu_zero, &err), &err);
	assert_int_equal(value, 100);
	skep_map_close(map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_map_needs_no_object),
		cmocka_unit_test(a_map_is_opened_by_id_and_by_fd),
		cmocka_unit_test(what_is_no_map_is_not_opened),
		cmocka_unit_test(a_map_is_described),
		cmocka_unit_test(a_frozen_map_is_only_read),
		cmocka_unit_test(wrong_sizes_and_handles_are_refused),
		cmocka_unit_test(a_refused_map_says_what_does_not_fit),
		cmocka_unit_test(an_element_is_taken_at_once_or_in_two_steps),
		cmocka_unit_test(values_of_cpus_are_added_up),
		cmocka_unit_test(one_value_may_stand_for_a_cpu_or_for_all),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
