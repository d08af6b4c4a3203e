// SPDX-License-Identifier: MIT
/* The bus: order, exact losses, nobody waits. */
#include "test.h"

#include <pthread.h>
#include <unistd.h>

#include "stream/bus.h"

/* What tests publish: its number among those of its source. */
struct numbered {
	uint64_t number;
	char rest[56];
};

static struct skep_bus *small_bus(uint32_t blocks)
{
	const struct skep_bus_opts opts = { .size = sizeof(opts),
					    .blocks = blocks,
					    .block_size = 4096 };
	struct skep_error err = { 0 };
	struct skep_bus *bus = skep_bus_new(&opts, &err);

	assert_ok(bus, &err);
	return bus;
}

static const struct skep_source *add_source(struct skep_bus *bus, const char *name)
{
	struct skep_error err = { 0 };
	const struct skep_source *source = skep_bus_add_source(bus, name, NULL, &err);

	assert_ok(source, &err);
	return source;
}

static struct skep_subscriber *subscribe(struct skep_bus *bus)
{
	struct skep_error err = { 0 };
	struct skep_subscriber *sub = skep_bus_subscribe(bus, &err);

	assert_ok(sub, &err);
	return sub;
}

static void publish(struct skep_bus *bus, const struct skep_source *source, uint64_t number)
{
	const struct numbered record = { .number = number };

	skep_bus_publish(bus, source, (int)(number % 4), &record, sizeof(record));
}

static uint64_t number_of(const struct skep_bus_record *record)
{
	struct numbered numbered;

	assert_int_equal(record->len, sizeof(numbered));
	memcpy(&numbered, record->data, sizeof(numbered));
	return numbered.number;
}

static void each_subscriber_gets_all_records_in_order(void **state)
{
	struct skep_bus *bus = small_bus(4);
	const struct skep_source *source = add_source(bus, "events");
	struct skep_subscriber *subs[] = { subscribe(bus), subscribe(bus) };
	struct skep_bus_record record;

	(void)state;
	skep_bus_time(bus, 17);
	for (uint64_t i = 0; i < 100; i++)
		publish(bus, source, i);
	for (int s = 0; s < 2; s++) {
		for (uint64_t i = 0; i < 100; i++) {
			assert_true(skep_subscriber_next(subs[s], &record));
			assert_int_equal(number_of(&record), i);
			assert_int_equal(record.cpu, (int)(i % 4));
			assert_int_equal(record.time, 17);
			assert_int_equal((uintptr_t)record.data % 8, 0);
			assert_ptr_equal(record.source, source);
		}
		assert_false(skep_subscriber_next(subs[s], &record));
		assert_false(skep_subscriber_at_end(subs[s]));
	}
	skep_bus_end(bus);
	assert_true(skep_subscriber_at_end(subs[0]));
	assert_int_equal(skep_subscriber_lost_all(subs[0]), 0);
	skep_bus_unsubscribe(subs[0]);
	skep_bus_unsubscribe(subs[1]);
	skep_bus_free(bus);
}

static void records_are_not_copied_for_each_subscriber(void **state)
{
	struct skep_bus *bus = small_bus(2);
	const struct skep_source *source = add_source(bus, "events");
	struct skep_subscriber *a = subscribe(bus), *b = subscribe(bus);
	struct skep_bus_record first, second;

	(void)state;
	publish(bus, source, 0);
	assert_true(skep_subscriber_next(a, &first) && skep_subscriber_next(b, &second));
	assert_ptr_equal(first.data, second.data);
	skep_bus_unsubscribe(a);
	skep_bus_unsubscribe(b);
	skep_bus_free(bus);
}

/* Of each source, what it got and what it lost are what was published. */
static void one_that_lags_is_told_exactly_what_it_lost(void **state)
{
	struct skep_bus *bus = small_bus(2);
	const struct skep_source *even = add_source(bus, "even"), *odd = NULL;
	struct skep_subscriber *slow = subscribe(bus), *fast = subscribe(bus);
	uint64_t got[2] = { 0 }, kept = 0, last = 0;
	struct skep_bus_record record;

	(void)state;
	for (uint64_t i = 0; i < 5000; i++) {
		if (i == 1000)
			odd = add_source(bus, "odd");
		publish(bus, odd && i % 3 == 0 ? odd : even, i);
		kept += skep_subscriber_next(fast, &record);
	}
	skep_bus_end(bus);
	while (skep_subscriber_next(slow, &record)) {
		assert_true(!last || number_of(&record) > last);
		last = number_of(&record);
		got[record.source->index]++;
	}
	assert_int_equal(last, 4999);
	assert_true(got[0] < 1000 && skep_subscriber_lost(slow, odd) > 1000);
	assert_int_equal(got[0] + skep_subscriber_lost(slow, even), 5000 - 1333);
	assert_int_equal(got[1] + skep_subscriber_lost(slow, odd), 1333);
	assert_int_equal(kept, 5000);
	assert_int_equal(skep_subscriber_lost_all(fast), 0);
	skep_bus_unsubscribe(slow);
	skep_bus_unsubscribe(fast);
	skep_bus_free(bus);
}

static void what_is_being_read_stays_as_it_is(void **state)
{
	struct skep_bus *bus = small_bus(2);
	const struct skep_source *source = add_source(bus, "events");
	struct skep_subscriber *sub = subscribe(bus);
	struct skep_bus_record record;

	(void)state;
	publish(bus, source, 1);
	assert_true(skep_subscriber_next(sub, &record));
	for (uint64_t i = 2; i < 1000; i++)
		publish(bus, source, i);
	assert_int_equal(number_of(&record), 1);
	skep_bus_unsubscribe(sub);
	skep_bus_free(bus);
}

static void what_was_not_read_at_the_end_is_lost(void **state)
{
	struct skep_bus *bus = small_bus(4);
	const struct skep_source *source = add_source(bus, "events");
	struct skep_subscriber *sub = subscribe(bus);
	struct skep_bus_record record;

	(void)state;
	for (uint64_t i = 0; i < 10; i++)
		publish(bus, source, i);
	assert_true(skep_subscriber_next(sub, &record));
	skep_bus_end(bus);
	skep_subscriber_stop(sub);
	assert_int_equal(skep_subscriber_lost(sub, source), 9);
	skep_bus_unsubscribe(sub);
	skep_bus_free(bus);
}

static void subscribers_come_and_go(void **state)
{
	struct skep_bus *bus = small_bus(2);
	const struct skep_source *source = add_source(bus, "events");
	struct skep_bus_record record;

	(void)state;
	for (uint64_t i = 0; i < 2000; i += 20) {
		struct skep_subscriber *sub;

		for (uint64_t k = 0; k < 10; k++)
			publish(bus, source, i + k);
		sub = subscribe(bus);
		assert_false(skep_subscriber_next(sub, &record));
		for (uint64_t k = 10; k < 20; k++)
			publish(bus, source, i + k);
		for (uint64_t k = 10; k < 20; k++) {
			assert_true(skep_subscriber_next(sub, &record));
			assert_int_equal(number_of(&record), i + k);
		}
		assert_int_equal(skep_subscriber_lost_all(sub), 0);
		skep_bus_unsubscribe(sub);
	}
	skep_bus_free(bus);
}

static void a_record_larger_than_a_block_is_kept(void **state)
{
	struct skep_bus *bus = small_bus(2);
	const struct skep_source *source = add_source(bus, "events");
	struct skep_subscriber *sub = subscribe(bus);
	char *large = malloc(100000);
	struct skep_bus_record record;

	(void)state;
	memset(large, 'x', 100000);
	for (int i = 0; i < 5; i++) {
		skep_bus_publish(bus, source, 0, large, 100000);
		publish(bus, source, 1);
		assert_true(skep_subscriber_next(sub, &record));
		assert_int_equal(record.len, 100000);
		assert_memory_equal(record.data, large, 100000);
		assert_true(skep_subscriber_next(sub, &record));
	}
	assert_int_equal(skep_subscriber_lost_all(sub), 0);
	free(large);
	skep_bus_unsubscribe(sub);
	skep_bus_free(bus);
}

struct reader {
	pthread_t thread;
	struct skep_bus *bus;
	struct skep_subscriber *sub;
	uint64_t got, lost;
	bool is_slow, is_wrong;
};

static void *read_all(void *ctx)
{
	struct reader *r = ctx;
	struct skep_bus_record record;
	uint64_t next[2] = { 0 };

	while (!skep_subscriber_at_end(r->sub)) {
		skep_subscriber_wait(r->sub, 100);
		while (skep_subscriber_next(r->sub, &record)) {
			uint64_t number = ((const struct numbered *)record.data)->number;

			r->is_wrong |= number < next[record.source->index];
			next[record.source->index] = number + 1;
			r->got++;
			if (r->is_slow && r->got % 64 == 0)
				usleep(100);
		}
	}
	r->lost = skep_subscriber_lost_all(r->sub);
	return NULL;
}

static void *come_and_go(void *ctx)
{
	struct skep_bus *bus = ctx;
	struct skep_bus_record record;

	for (int i = 0; i < 200; i++) {
		struct skep_subscriber *sub = skep_bus_subscribe(bus, NULL);

		for (int k = 0; sub && k < 50; k++)
			skep_subscriber_next(sub, &record);
		skep_bus_unsubscribe(sub);
	}
	return NULL;
}

static void threads_lose_only_what_they_are_told(void **state)
{
	enum { N = 200000 };
	struct skep_bus *bus = small_bus(8);
	const struct skep_source *sources[] = { add_source(bus, "a"), add_source(bus, "b") };
	struct reader readers[4] = { 0 };
	pthread_t visitor;

	(void)state;
	for (int i = 0; i < 4; i++) {
		readers[i] = (struct reader){ .bus = bus, .is_slow = i == 3 };
		readers[i].sub = subscribe(bus);
		assert_int_equal(pthread_create(&readers[i].thread, NULL, read_all, &readers[i]),
				 0);
	}
	assert_int_equal(pthread_create(&visitor, NULL, come_and_go, bus), 0);
	for (uint64_t i = 0; i < N; i++) {
		publish(bus, sources[i & 1], i);
		if (i % 100 == 0)
			skep_bus_flush(bus);
	}
	skep_bus_end(bus);
	pthread_join(visitor, NULL);
	for (int i = 0; i < 4; i++) {
		pthread_join(readers[i].thread, NULL);
		assert_false(readers[i].is_wrong);
		assert_int_equal(readers[i].got + readers[i].lost, N);
		skep_bus_unsubscribe(readers[i].sub);
	}
	skep_bus_free(bus);
}

static void a_flush_wakes_who_waits(void **state)
{
	struct skep_bus *bus = small_bus(2);
	const struct skep_source *source = add_source(bus, "events");
	struct reader reader = { .bus = bus, .sub = subscribe(bus) };

	(void)state;
	assert_false(skep_subscriber_wait(reader.sub, 1));
	assert_int_equal(pthread_create(&reader.thread, NULL, read_all, &reader), 0);
	for (uint64_t i = 0; i < 50; i++) {
		publish(bus, source, i);
		skep_bus_flush(bus);
		usleep(200);
	}
	skep_bus_end(bus);
	pthread_join(reader.thread, NULL);
	assert_int_equal(reader.got, 50);
	skep_bus_unsubscribe(reader.sub);
	skep_bus_free(bus);
}

static void a_bus_tells_its_limits(void **state)
{
	const struct skep_bus_opts wrong = { .size = sizeof(wrong), .blocks = 1 };
	struct skep_bus *bus = small_bus(2);
	struct skep_error err = { 0 };

	(void)state;
	assert_null(skep_bus_new(&wrong, &err));
	assert_error_says(&err, "a bus cannot have 1 blocks");
	for (int i = 0; i < SKEP_BUS_SOURCES; i++)
		add_source(bus, "x");
	assert_null(skep_bus_add_source(bus, "x", NULL, &err));
	assert_error_says(&err, "more than 1024 sources");
	skep_bus_free(bus);
	skep_bus_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_subscriber_gets_all_records_in_order),
		cmocka_unit_test(records_are_not_copied_for_each_subscriber),
		cmocka_unit_test(one_that_lags_is_told_exactly_what_it_lost),
		cmocka_unit_test(what_is_being_read_stays_as_it_is),
		cmocka_unit_test(what_was_not_read_at_the_end_is_lost),
		cmocka_unit_test(subscribers_come_and_go),
		cmocka_unit_test(a_record_larger_than_a_block_is_kept),
		cmocka_unit_test(threads_lose_only_what_they_are_told),
		cmocka_unit_test(a_flush_wakes_who_waits),
		cmocka_unit_test(a_bus_tells_its_limits),
	};

	return cmocka_run_group_tests_name("unit/stream_bus", tests, NULL, NULL);
}
