// SPDX-License-Identifier: MIT
/* How full maps and rings are, and what channels have lost, as somebody sees it from outside. */
#include "kernel/map_support.h"
#include "kernel/ring_support.h"

#include <errno.h>

static struct skep_map_usage fill_of(const struct skep_map *map, uint64_t limit)
{
	struct skep_map_usage usage = { .size = sizeof(usage) };
	struct skep_error err = { 0 };

	assert_ok(!skep_map_usage(map, limit, &usage, &err), &err);
	return usage;
}

static void elements_are_counted(uint32_t type, uint32_t flags)
{
	struct skep_map *map = new_map(type, 4, 8, 4000, flags);
	struct skep_map_usage usage = fill_of(map, 0);

	assert_int_equal(usage.used, 0);
	assert_int_equal(usage.room, 4000);
	fill_map(map, 700);
	usage = fill_of(map, 0);
	assert_int_equal(usage.used, 700);
	assert_false(usage.is_at_least || usage.is_bytes);
	usage = fill_of(map, 100);
	assert_int_equal(usage.used, 100);
	assert_true(usage.is_at_least);
	skep_map_close(map);
}

static void hashes_are_counted_up_to_a_limit(void **state)
{
	(void)state;
	NEED_BPF();
	elements_are_counted(BPF_MAP_TYPE_HASH, 0);
	elements_are_counted(BPF_MAP_TYPE_HASH, BPF_F_NO_PREALLOC);
	elements_are_counted(BPF_MAP_TYPE_LRU_HASH, 0);
}

static void arrays_are_full_and_queues_cannot_be_counted(void **state)
{
	struct skep_map_usage usage = { .size = sizeof(usage) };
	struct skep_error err = { 0 };
	struct skep_map *array, *queue;

	(void)state;
	NEED_BPF();
	array = new_map(BPF_MAP_TYPE_ARRAY, 4, 8, 16, 0);
	queue = new_map(BPF_MAP_TYPE_QUEUE, 0, 8, 16, 0);
	assert_int_equal(fill_of(array, 0).used, 16);
	assert_int_equal(skep_map_usage(queue, 0, &usage, &err), -ENOTSUP);
	assert_true(error_says(&err, "queue"));
	assert_int_equal(skep_map_usage(array, 0, NULL, &err), -EINVAL);
	assert_int_equal(skep_map_usage(NULL, 0, &usage, &err), -EINVAL);
	skep_map_close(array);
	skep_map_close(queue);
}

static void rings_tell_the_bytes_that_wait(void **state)
{
	struct skep_map_usage usage;
	const struct skep_map *map;
	struct rig rig;

	(void)state;
	NEED_BPF();
	rig_open(&rig, "to_plain", "plain", 0, NULL);
	map = skep_object_map(rig.object, "plain");
	assert_int_equal(fill_of(map, 0).used, 0);
	rig_emit(&rig, "to_plain", 10, 1);
	usage = fill_of(map, 0);
	assert_true(usage.is_bytes);
	/* Each record has a header of 8 bytes. */
	assert_int_equal(usage.used, 10 * (sizeof(struct event) + 8));
	assert_int_equal(usage.room, skep_map_max_entries(map));
	skep_ring_drain(rig.ring, rig_collect, &rig.seen);
	assert_int_equal(fill_of(map, 0).used, 0);
	rig_close(&rig);
}

static struct skep_map *by_id(const struct skep_object *object, const char *name)
{
	struct skep_map_info info = { .size = sizeof(info) };
	struct skep_error err = { 0 };
	struct skep_map *map;

	assert_ok(!skep_map_info(skep_object_map(object, name), &info, &err), &err);
	map = skep_map_open_id(info.id, &err);
	assert_ok(map, &err);
	return map;
}

static void losses_are_seen(const char *program, const char *channel, const char *counters)
{
	struct skep_error err = { 0 };
	struct skep_ring_stats stats;
	struct skep_map *map;
	uint64_t lost = 1;
	struct rig rig;

	run_on_cpu(0);
	rig_open(&rig, program, channel, 4096, NULL);
	map = by_id(rig.object, counters);
	assert_ok(!skep_channel_lost(map, &lost, &err), &err);
	assert_int_equal(lost, 0);
	rig_emit(&rig, program, 100, 1);
	assert_ok(!skep_channel_lost(map, &lost, &err), &err);
	assert_in_range(lost, 20, 80);
	skep_ring_stats(rig.ring, &stats);
	assert_int_equal(lost, stats.lost);
	skep_map_close(map);
	rig_close(&rig);
}

static void losses_of_channels_are_seen_from_outside(void **state)
{
	(void)state;
	NEED_BPF();
	losses_are_seen("to_shared", "shared", "shared__cpu");
	if (kernel_takes_atomics())
		losses_are_seen("to_percpu", "percpu", "percpu");
}

static void other_maps_count_no_losses(void **state)
{
	struct skep_error err = { 0 };
	struct skep_map *map;
	uint64_t lost;

	(void)state;
	NEED_BPF();
	map = new_map(BPF_MAP_TYPE_ARRAY, 4, 512, 2, BPF_F_MMAPABLE);
	assert_int_equal(skep_channel_lost(map, &lost, &err), -ENOTSUP);
	assert_true(error_says(&err, "no counters"));
	assert_int_equal(skep_channel_lost(NULL, &lost, &err), -EINVAL);
	skep_map_close(map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hashes_are_counted_up_to_a_limit),
		cmocka_unit_test(arrays_are_full_and_queues_cannot_be_counted),
		cmocka_unit_test(rings_tell_the_bytes_that_wait),
		cmocka_unit_test(losses_of_channels_are_seen_from_outside),
		cmocka_unit_test(other_maps_count_no_losses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
