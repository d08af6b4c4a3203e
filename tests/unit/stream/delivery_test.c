// SPDX-License-Identifier: MIT
/* Delivery to several sinks, of which some are slow, fail or hang. */
#include "test.h"

#include <errno.h>
#include <pthread.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "stream/delivery.h"

/* A sink of the test's own. */
struct fake {
	struct skep_sink *sink;
	uint64_t got, missed;
	uint64_t fails_from; /* records are refused from this one on */
	uint32_t sleep_us;   /* for each 64 records */
	int reopened, last;
	bool hangs, breaks, is_wrong;
	pthread_t thread;
};

static int fake_open(struct skep_sink *sink, const char *target, struct skep_error *err)
{
	(void)sink;
	(void)target;
	(void)err;
	return 0;
}

static int fake_write(struct skep_sink *sink, const struct skep_source *source, const void *data,
		      size_t len, struct skep_error *err)
{
	struct fake *fake = sink->state;

	fake->thread = pthread_self();
	fake->is_wrong |= len != 8 || strcmp(source->name, "events") != 0 || sink->cpu != 3 ||
			  sink->time < 1600000000000000000;
	(void)data;
	while (fake->hangs)
		usleep(10000);
	if (fake->breaks)
		sink->is_broken = true;
	if (fake->fails_from && fake->got >= fake->fails_from)
		return skep_error_set(err, SKEP_STAGE_DELIVER, ENOSPC, "no room");
	if (++fake->got % 64 == 0 && fake->sleep_us)
		usleep(fake->sleep_us);
	return 0;
}

static int fake_flush(struct skep_sink *sink, bool is_last, struct skep_error *err)
{
	struct fake *fake = sink->state;

	(void)err;
	fake->last += is_last;
	return 0;
}

static int fake_reopen(struct skep_sink *sink, struct skep_error *err)
{
	struct fake *fake = sink->state;

	(void)err;
	fake->reopened++;
	return 0;
}

static void fake_missed(struct skep_sink *sink, const struct skep_source *source, uint64_t n)
{
	struct fake *fake = sink->state;

	(void)source;
	fake->missed += n;
}

static void fake_close(struct skep_sink *sink)
{
	(void)sink;
}

static const struct skep_sink_type fake_type = {
	.name = "fake",
	.open = fake_open,
	.write = fake_write,
	.flush = fake_flush,
	.close = fake_close,
	.reopen = fake_reopen,
	.missed = fake_missed,
};

static struct skep_delivery *delivery;
static struct skep_source *source;

static void add(struct fake *fake)
{
	struct skep_error err = { 0 };

	fake->sink = calloc(1, sizeof(*fake->sink));
	assert_non_null(fake->sink);
	fake->sink->type = &fake_type;
	fake->sink->state = fake;
	fake->sink->spec = strdup("fake:x");
	assert_int_equal(skep_delivery_add(delivery, fake->sink, &err), 0);
}

static int setup(void **state)
{
	const struct skep_delivery_opts opts = {
		.size = sizeof(opts),
		.end_ns = 300000000,
		.bus = { .size = sizeof(opts.bus), .blocks = 4, .block_size = 4096 },
	};
	struct skep_error err = { 0 };

	(void)state;
	delivery = skep_delivery_new(&opts, &err);
	assert_ok(delivery, &err);
	source = skep_delivery_add_source(delivery, "events", NULL, &err);
	assert_ok(source, &err);
	return 0;
}

static void start(void)
{
	struct skep_error err = { 0 };

	assert_int_equal(skep_delivery_start(delivery, &err), 0);
}

static void publish(uint64_t n)
{
	for (uint64_t i = 0; i < n; i++) {
		skep_delivery_publish(delivery, source, 3, &i, sizeof(i));
		if (i % 20 == 19) {
			skep_delivery_flush(delivery);
			usleep(50);
		}
	}
	skep_delivery_flush(delivery);
}

static struct skep_delivery_stats stats_of(size_t i)
{
	struct skep_delivery_stats stats;

	assert_true(skep_delivery_stats(delivery, i, &stats));
	return stats;
}

static void one_that_never_waits_needs_no_thread(void **state)
{
	struct fake one = { 0 };

	(void)state;
	add(&one);
	start();
	publish(100);
	assert_int_equal(one.got, 100);
	assert_true(pthread_equal(one.thread, pthread_self()));
	skep_delivery_reopen(delivery);
	skep_delivery_flush(delivery);
	skep_delivery_end(delivery);
	assert_false(one.is_wrong);
	assert_int_equal(one.reopened, 1);
	assert_int_equal(one.last, 1);
	assert_int_equal(stats_of(0).delivered, 100);
	assert_true(skep_delivery_free(delivery));
}

static void none_stops_another(void **state)
{
	struct fake good = { 0 }, slow = { .sleep_us = 20000 }, bad = { .fails_from = 500 };
	struct skep_delivery_stats stats;

	(void)state;
	add(&good);
	add(&slow);
	add(&bad);
	start();
	publish(20000);
	skep_delivery_end(delivery);
	stats = stats_of(0);
	assert_int_equal(stats.delivered + stats.lagged, 20000);
	assert_true(stats.delivered > 1000 && !stats.failed && !stats.problem.code);
	stats = stats_of(1);
	assert_true(stats.lagged > 5000 && stats.delivered > 0 && !stats.failed);
	assert_int_equal(stats.delivered + stats.lagged, 20000);
	assert_int_equal(slow.missed, stats.lagged);
	stats = stats_of(2);
	assert_int_equal(stats.delivered, 500);
	assert_int_equal(stats.delivered + stats.failed + stats.lagged, 20000);
	assert_int_equal(stats.problem.code, ENOSPC);
	assert_error_says(&stats.problem, "output 'fake:x'");
	assert_false(good.is_wrong || slow.is_wrong || bad.is_wrong);
	assert_int_equal(good.last + slow.last + bad.last, 3);
	assert_true(skep_delivery_free(delivery));
}

static void one_that_comes_later_gets_what_follows(void **state)
{
	struct fake first = { 0 }, later = { 0 };

	(void)state;
	add(&first);
	start();
	publish(100);
	add(&later);
	publish(50);
	skep_delivery_end(delivery);
	assert_int_equal(stats_of(0).delivered, 150);
	assert_int_equal(stats_of(1).delivered, 50);
	assert_true(skep_delivery_free(delivery));
}

static void one_that_hangs_is_left_behind(void **state)
{
	static struct fake good, hangs = { .hangs = true };
	int64_t begin = skep_clock_now(CLOCK_MONOTONIC);
	struct skep_delivery_stats stats;

	(void)state;
	add(&good);
	add(&hangs);
	start();
	publish(100);
	skep_delivery_end(delivery);
	assert_true(skep_clock_now(CLOCK_MONOTONIC) - begin < 8000000000);
	assert_int_equal(stats_of(0).delivered, 100);
	stats = stats_of(1);
	assert_int_equal(stats.failed, 100);
	assert_error_says(&stats.problem, "it did not come to an end");
	assert_false(skep_delivery_free(delivery));
}

static void when_all_are_broken_it_is_over(void **state)
{
	struct fake one = { .breaks = true };

	(void)state;
	add(&one);
	start();
	assert_false(skep_delivery_is_over(delivery));
	publish(10);
	assert_true(skep_delivery_is_over(delivery));
	skep_delivery_end(delivery);
	assert_int_equal(stats_of(0).delivered, 1);
	assert_int_equal(stats_of(0).failed, 9);
	assert_true(skep_delivery_free(delivery));
}

static void sinks_are_told_what_was_lost_before(void **state)
{
	struct fake a = { 0 }, b = { 0 };

	(void)state;
	add(&a);
	add(&b);
	start();
	publish(10);
	skep_delivery_missed(delivery, source, 7);
	skep_delivery_missed(delivery, source, 9);
	skep_delivery_end(delivery);
	assert_int_equal(a.missed, 9);
	assert_int_equal(b.missed, 9);
	assert_true(skep_delivery_free(delivery));
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_that_never_waits_needs_no_thread),   TEST(none_stops_another),
		TEST(one_that_comes_later_gets_what_follows), TEST(when_all_are_broken_it_is_over),
		TEST(sinks_are_told_what_was_lost_before),    TEST(one_that_hangs_is_left_behind),
	};

	return cmocka_run_group_tests_name("unit/stream_delivery", tests, NULL, NULL);
}
