// SPDX-License-Identifier: MIT
/* Records from this process to a program. */
#include "kernel/fixture.h"
#include "kernel/map_support.h"

#include <errno.h>
#include <pthread.h>
#include <skep/user_ring.h>
#include <unistd.h>

struct request {
	uint64_t number;
	char text[24];
};

static int setup(void **state)
{
	const struct skep_map_opts opts = { .size = sizeof(opts),
					    .type = BPF_MAP_TYPE_USER_RINGBUF,
					    .max_entries = 4096 };
	struct skep_map *map;

	(void)state;
	if (!bpf_is_allowed())
		return 0;
	map = new_map_if_known(&opts);
	if (!map)
		return 0;
	skep_map_close(map);
	/* Callbacks need a JIT. */
	if (!kernel_takes_program("map_user_ring", "drain"))
		return 0;
	fixture_open("map_user_ring");
	fixture_load();
	return 0;
}

#define NEED_USER_RING()                                                              \
	do {                                                                          \
		NEED_BPF();                                                           \
		NEED(fixture_object(),                                                \
		     "this kernel has no user rings, or no JIT for their callbacks"); \
	} while (0)

static struct skep_user_ring *open_ring(void)
{
	struct skep_error err = { 0 };
	struct skep_user_ring *ring = skep_user_ring_open(fixture_map("requests"), &err);

	assert_ok(ring, &err);
	return ring;
}

static void drain(void)
{
	uint64_t args[8] = { 0 };
	struct skep_program_run run = { .size = sizeof(run),
					.ctx_in = args,
					.ctx_in_len = sizeof(args) };
	struct skep_error err = { 0 };

	assert_ok(!skep_program_test_run(fixture_program("drain"), &run, &err), &err);
}

static uint64_t next_number;

static void send_one(struct skep_user_ring *ring)
{
	struct skep_error err = { 0 };
	struct request *r = skep_user_ring_reserve(ring, sizeof(*r), &err);

	assert_ok(r, &err);
	*r = (struct request){ .number = ++next_number, .text = "request" };
	assert_int_equal(skep_user_ring_submit(ring, r), 0);
}

static void a_program_takes_what_was_submitted_in_order(void **state)
{
	struct skep_user_ring *ring;
	uint64_t taken, sum, expected = 0;

	(void)state;
	NEED_USER_RING();
	ring = open_ring();
	taken = fixture_value("taken");
	sum = fixture_value("sum");
	/* Several times round the ring. */
	for (int round = 0; round < 20; round++) {
		for (int i = 0; i < 50; i++) {
			send_one(ring);
			expected += next_number;
		}
		drain();
	}
	assert_int_equal(fixture_value("taken") - taken, 1000);
	assert_int_equal(fixture_value("sum") - sum, expected);
	assert_int_equal(fixture_value("out_of_order"), 0);
	skep_user_ring_close(ring);
}

static void what_is_discarded_is_not_seen(void **state)
{
	struct skep_error err = { 0 };
	struct skep_user_ring *ring;
	uint64_t taken;
	void *record;

	(void)state;
	NEED_USER_RING();
	ring = open_ring();
	taken = fixture_value("taken");
	send_one(ring);
	record = skep_user_ring_reserve(ring, 100, &err);
	assert_ok(record, &err);
	assert_int_equal(skep_user_ring_discard(ring, record), 0);
	assert_int_equal(skep_user_ring_discard(ring, record), -EINVAL);
	send_one(ring);
	drain();
	assert_int_equal(fixture_value("taken") - taken, 2);
	skep_user_ring_close(ring);
}

static void a_full_ring_says_so(void **state)
{
	struct skep_error err = { 0 };
	struct skep_user_ring *ring;
	struct request *r;
	int n = 0;

	(void)state;
	NEED_USER_RING();
	ring = open_ring();
	while ((r = skep_user_ring_reserve(ring, sizeof(*r), &err))) {
		r->number = ++next_number;
		assert_int_equal(skep_user_ring_submit(ring, r), 0);
		n++;
	}
	assert_int_equal(n, 4096 / (sizeof(*r) + 8));
	assert_int_equal(err.code, ENOSPC);
	assert_error_says(&err, "map 'requests'");
	assert_null(skep_user_ring_reserve_wait(ring, 8192, 0, &err));
	assert_int_equal(err.code, E2BIG);
	assert_null(skep_user_ring_reserve(ring, UINT32_MAX, &err));
	assert_int_equal(err.code, E2BIG);
	assert_null(skep_user_ring_reserve_wait(ring, sizeof(*r), 20000000, &err));
	assert_int_equal(err.code, ETIMEDOUT);
	drain();
	send_one(ring);
	drain();
	skep_user_ring_close(ring);
}

static void *drain_later(void *arg)
{
	(void)arg;
	usleep(30000);
	drain();
	return NULL;
}

static void waiting_ends_when_a_program_has_drained(void **state)
{
	(void)state;
	NEED_USER_RING();
	for (uint64_t quiet = 0; quiet < 2; quiet++) {
		struct skep_user_ring *ring = open_ring();
		struct skep_error err = { 0 };
		struct request *r;
		pthread_t thread;

		fixture_set("quiet", quiet);
		while ((r = skep_user_ring_reserve(ring, sizeof(*r), NULL))) {
			r->number = ++next_number;
			skep_user_ring_submit(ring, r);
		}
		assert_int_equal(pthread_create(&thread, NULL, drain_later, NULL), 0);
		r = skep_user_ring_reserve_wait(ring, sizeof(*r), 5000000000, &err);
		pthread_join(thread, NULL);
		assert_ok(r, &err);
		assert_int_equal(skep_user_ring_discard(ring, r), 0);
		drain();
		skep_user_ring_close(ring);
	}
}

static void wrong_maps_and_records_are_refused(void **state)
{
	struct skep_error err = { 0 };
	struct skep_user_ring *ring;
	struct skep_map *map;
	uint64_t mine[4] = { 0 };

	(void)state;
	NEED_USER_RING();
	map = new_map(BPF_MAP_TYPE_HASH, 4, 8, 4, 0);
	assert_null(skep_user_ring_open(map, &err));
	assert_error_says(&err, "no user ring buffer");
	assert_null(skep_user_ring_open(NULL, &err));
	ring = open_ring();
	assert_int_equal(skep_user_ring_submit(ring, &mine[1]), -EINVAL);
	assert_int_equal(skep_user_ring_submit(ring, NULL), -EINVAL);
	assert_int_equal(skep_user_ring_submit(NULL, &mine[1]), -EINVAL);
	assert_null(skep_user_ring_reserve(NULL, 8, &err));
	skep_user_ring_close(ring);
	skep_user_ring_close(NULL);
	skep_map_close(map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_program_takes_what_was_submitted_in_order),
		cmocka_unit_test(what_is_discarded_is_not_seen),
		cmocka_unit_test(a_full_ring_says_so),
		cmocka_unit_test(waiting_ends_when_a_program_has_drained),
		cmocka_unit_test(wrong_maps_and_records_are_refused),
	};

	return cmocka_run_group_tests_name("kernel", tests, setup, fixture_teardown);
}
