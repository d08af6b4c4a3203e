// SPDX-License-Identifier: MIT
/* Records from programs in the kernel to callbacks, over rings of every kind. */
#include "kernel/ring_support.h"

#include <errno.h>

static void records_arrive_whole_and_in_order(void **state)
{
	(void)state;
	NEED_BPF();
	for (size_t i = 0; i < RIG_KINDS; i = rig_next_kind(i)) {
		struct skep_ring_stats stats;
		struct rig rig;

		run_on_cpu(0);
		rig_open(&rig, rig_kinds[i][0], rig_kinds[i][1], 0, NULL);
		assert_string_equal(skep_ring_name(rig.ring), rig_kinds[i][1]);
		for (uint32_t mark = 0; mark < 10; mark++) {
			rig_emit(&rig, rig_kinds[i][0], 100, mark);
			rig_read_all(&rig);
			assert_int_equal(rig.seen.next[mark], 100);
		}
		stats = rig_stats(&rig);
		assert_int_equal(stats.delivered, 1000);
		assert_int_equal(stats.lost, 0);
		assert_true(rig.seen.is_good && rig.seen.in_order);
		rig_close(&rig);
	}
}

static void types_of_records_are_known(void **state)
{
	(void)state;
	NEED_BPF();
	for (size_t i = 0; i < RIG_KINDS; i = rig_next_kind(i)) {
		struct rig rig;
		uint32_t type;

		rig_open(&rig, rig_kinds[i][0], rig_kinds[i][1], 0, NULL);
		type = skep_ring_type_id(rig.ring);
		assert_string_equal(skep_btf_name(rig.spec->btf, type), "event");
		rig_close(&rig);
	}
}

/* A shared ring cannot shorten what was reserved. */
static void discarded_and_cut_records(const char *program, const char *map, bool can_cut)
{
	struct rig rig;

	run_on_cpu(0);
	rig_open(&rig, program, map, 0, NULL);
	for (uint32_t mark = 0; mark < 3; mark++)
		rig_emit(&rig, program, 99, mark);
	rig_read_all(&rig);
	assert_int_equal(rig.seen.n, 3 * 66);
	for (size_t i = 0; i < rig.seen.n; i++) {
		uint32_t number = (uint32_t)(i % 66 / 2 * 3 + 1 + i % 2);

		assert_int_equal(rig.seen.lens[i], can_cut && number % 3 == 1 ?
							   20 + number % 45 :
							   sizeof(struct event));
	}
	assert_true(rig.seen.is_good);
	rig_close(&rig);
}

static void records_may_be_discarded_or_shorter(void **state)
{
	(void)state;
	NEED_BPF();
	discarded_and_cut_records("vary_shared", "shared", false);
	if (kernel_takes_atomics())
		discarded_and_cut_records("vary_percpu", "percpu", true);
}

static void a_ring_is_read_by_a_handle_without_an_object(void **state)
{
	struct skep_error err = { 0 };
	struct skep_map *map, *other;
	struct skep_ring *ring;
	struct rig rig;

	(void)state;
	NEED_BPF();
	run_on_cpu(0);
	rig_open(&rig, "to_plain", "plain", 0, NULL);
	map = skep_map_from_fd(skep_map_fd(skep_object_map(rig.object, "plain")), &err);
	assert_ok(map, &err);
	ring = skep_ring_open(NULL, map, NULL, &err);
	assert_ok(ring, &err);
	assert_string_equal(skep_ring_name(ring), "plain");
	assert_int_equal(skep_ring_type_id(ring), 0);
	rig_emit(&rig, "to_plain", 50, 1);
	assert_int_equal(skep_ring_drain(ring, rig_collect, &rig.seen), 50);
	assert_true(rig.seen.is_good);
	skep_ring_close(ring);
	skep_map_close(map);
	other = skep_map_create(&(struct skep_map_opts){ .size = sizeof(struct skep_map_opts),
							 .type = BPF_MAP_TYPE_ARRAY,
							 .key_size = 4,
							 .value_size = 8,
							 .max_entries = 1 },
				&err);
	assert_ok(other, &err);
	assert_null(skep_ring_open(rig.object, other, NULL, &err));
	assert_int_equal(err.code, ENOTSUP);
	skep_map_close(other);
	rig_close(&rig);
}

static void a_finished_record_is_copied_to_a_channel(void **state)
{
	struct skep_error err = { 0 };
	struct skep_ring *other;
	struct seen seen = { .is_good = true, .in_order = true };
	struct rig rig;

	(void)state;
	NEED_ATOMICS();
	rig_open(&rig, "copy_to_both", "shared", 0, NULL);
	other = skep_ring_open(rig.object, skep_object_map(rig.object, "percpu"), NULL, &err);
	assert_ok(other, &err);
	rig_emit(&rig, "copy_to_both", 1, 3);
	rig_read_all(&rig);
	assert_int_equal(skep_ring_drain(other, rig_collect, &seen), 1);
	assert_int_equal(rig.seen.next[3], 8);
	assert_int_equal(seen.next[3], 8);
	skep_ring_close(other);
	rig_close(&rig);
}

static void reading_stops_when_the_callback_says_so(void **state)
{
	(void)state;
	NEED_BPF();
	for (size_t i = 0; i < RIG_KINDS; i = rig_next_kind(i)) {
		struct rig rig;

		run_on_cpu(0);
		rig_open(&rig, rig_kinds[i][0], rig_kinds[i][1], 0, NULL);
		rig_emit(&rig, rig_kinds[i][0], 50, 0);
		rig.seen.stop_after = 20;
		assert_int_equal(skep_ring_consume(rig.ring, 0, rig_collect, &rig.seen), 77);
		assert_int_equal(rig.seen.n, 20);
		/* A limit is a limit, and the rest is still there. */
		assert_int_equal(skep_ring_consume(rig.ring, 10, rig_collect, &rig.seen), 10);
		rig_read_all(&rig);
		assert_int_equal(rig.seen.n, 50);
		assert_true(rig.seen.is_good);
		rig_close(&rig);
	}
}

static int stop_when_all_are_there(void *ctx)
{
	struct rig *rig = ctx;

	return rig->seen.n >= 3 * 100;
}

static int note(void *ctx)
{
	++*(int *)ctx;
	return 0;
}

/* Programs do not wake the reader: the loop looks by itself, then tells those that wait for it. */
static void the_loop_reads_rings_that_nobody_wakes(void **state)
{
	(void)state;
	NEED_BPF();
	for (size_t i = 0; i < RIG_KINDS; i = rig_next_kind(i)) {
		struct skep_loop *loop = skep_loop_new(NULL);
		int idle = 0;
		struct rig rig;

		run_on_cpu(0);
		rig_open(&rig, rig_kinds[i][0], rig_kinds[i][1], 0, NULL);
		assert_int_equal(skep_loop_add_ring(loop, rig.ring, rig_collect, &rig.seen, NULL),
				 0);
		assert_int_equal(skep_loop_add_idle(loop, note, &idle, NULL), 0);
		assert_int_equal(
			skep_loop_add_timer(loop, 1000000, stop_when_all_are_there, &rig, NULL), 0);
		for (uint32_t mark = 0; mark < 3; mark++)
			rig_emit(&rig, rig_kinds[i][0], 100, mark);
		assert_int_equal(skep_loop_run(loop, 10000000000ll, NULL), 1);
		assert_true(idle > 0 && rig.seen.is_good);
		/* What comes between the end of the run and the end of all. */
		rig_emit(&rig, rig_kinds[i][0], 10, 4);
		skep_loop_drain(loop);
		assert_int_equal(rig.seen.n, 310);
		skep_loop_free(loop);
		rig_close(&rig);
	}
}

static void what_is_no_ring_is_refused(void **state)
{
	struct skep_error err = { 0 };
	struct rig rig;

	(void)state;
	NEED_BPF();
	rig_open(&rig, "to_shared", "shared", 0, NULL);
	assert_null(skep_ring_open(rig.object, NULL, NULL, &err));
	assert_int_equal(err.code, ENOENT);
	assert_null(skep_ring_open(rig.object, skep_object_map(rig.object, "plain"), NULL, &err));
	assert_int_equal(err.code, ENOTSUP);
	assert_error_says(&err, "map 'plain': the map was not created");
	assert_int_equal(skep_spec_set_channel_size(rig.spec, "absent", 4096, &err), -ENOENT);
	assert_true(skep_spec_set_channel_size(rig.spec, "percpu", 5000, &err) < 0);
	assert_error_says(&err, "power of two");
	rig_close(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_arrive_whole_and_in_order),
		cmocka_unit_test(types_of_records_are_known),
		cmocka_unit_test(records_may_be_discarded_or_shorter),
		cmocka_unit_test(a_ring_is_read_by_a_handle_without_an_object),
		cmocka_unit_test(a_finished_record_is_copied_to_a_channel),
		cmocka_unit_test(reading_stops_when_the_callback_says_so),
		cmocka_unit_test(the_loop_reads_rings_that_nobody_wakes),
		cmocka_unit_test(what_is_no_ring_is_refused),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
