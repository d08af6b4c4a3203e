// SPDX-License-Identifier: MIT
/* Rings that are too small, and many writers at once: each record arrives or is counted as lost. */
#include "kernel/ring_support.h"

#include <pthread.h>

/* What does not fit is lost and counted, and what is read makes room again. */
static void full_channels_count_what_they_lose(void **state)
{
	(void)state;
	NEED_BPF();
	for (size_t i = 0; i < 2; i = rig_next_kind(i)) {
		struct skep_ring_stats stats;
		uint64_t first;
		struct rig rig;

		run_on_cpu(0);
		rig_open(&rig, rig_kinds[i][0], rig_kinds[i][1], 4096, NULL);
		for (uint32_t mark = 2; mark < 12; mark++)
			rig_emit(&rig, rig_kinds[i][0], 100, mark);
		rig_read_all(&rig);
		stats = rig_stats(&rig);
		assert_true(stats.counts_lost);
		assert_in_range(stats.delivered, 40, 60);
		assert_int_equal(stats.delivered + stats.lost, 1000);
		first = stats.delivered;
		for (int round = 0; round < 50; round++) {
			rig.seen.next[1] = 0;
			rig_emit(&rig, rig_kinds[i][0], 40, 1);
			rig_read_all(&rig);
		}
		stats = rig_stats(&rig);
		assert_int_equal(stats.delivered, first + 50 * 40);
		assert_int_equal(stats.delivered + stats.lost, 3000);
		assert_true(rig.seen.is_good);
		rig_close(&rig);
	}
}

static void perf_buffers_count_what_the_kernel_lost(void **state)
{
	const struct skep_ring_opts opts = { .size = sizeof(opts), .perf_pages = 1 };
	struct skep_ring_stats stats;
	struct rig rig;

	(void)state;
	NEED_BPF();
	run_on_cpu(0);
	rig_open(&rig, "to_perf", "perf", 0, &opts);
	for (uint32_t mark = 2; mark < 12; mark++)
		rig_emit(&rig, "to_perf", 100, mark);
	rig_read_all(&rig);
	/* The kernel tells of a loss with the next record that has room. */
	rig_emit(&rig, "to_perf", 1, 1);
	rig_read_all(&rig);
	stats = rig_stats(&rig);
	assert_in_range(stats.delivered, 20, 60);
	assert_int_equal(stats.delivered + stats.lost, 1001);
	rig_close(&rig);
}

static void plain_rings_say_that_nobody_counts(void **state)
{
	struct rig rig;

	(void)state;
	NEED_BPF();
	rig_open(&rig, "to_plain", "plain", 0, NULL);
	assert_false(rig_stats(&rig).counts_lost);
	rig_close(&rig);
}

#define ROUNDS 2000

struct producer {
	struct rig *rig;
	const char *program;
	int cpu;
	uint32_t mark;
};

static void *produce(void *arg)
{
	struct producer *p = arg;

	run_on_cpu(p->cpu);
	for (int i = 0; i < ROUNDS; i++)
		rig_emit(p->rig, p->program, MAX_RECORDS, p->mark);
	return NULL;
}

/* A mark's numbers begin anew with each round: only what is wrong within a round is told. */
static int count(void *ctx, const struct skep_record *record)
{
	struct seen *seen = ctx;
	const struct event *e = record->data;

	seen->is_good = seen->is_good && record->len == sizeof(*e) && e->number < MAX_RECORDS &&
			e->text[0] == (char)('a' + e->number % 26) &&
			e->text[43] == (char)('a' + e->number % 26);
	seen->in_order = seen->in_order && e->time >= seen->last_time;
	seen->last_time = e->time;
	seen->n++;
	return 0;
}

/* As many threads as @n, on all CPUs there are, with a reader beside them. */
static void all_at_once(struct rig *rig, const char *program, struct producer *producers, int n)
{
	pthread_t threads[8];
	struct skep_ring_stats stats;

	for (int i = 0; i < n; i++) {
		producers[i] =
			(struct producer){ rig, program, i % (int)sysconf(_SC_NPROCESSORS_ONLN),
					   (uint32_t)i };
		assert_int_equal(pthread_create(&threads[i], NULL, produce, &producers[i]), 0);
	}
	for (int i = 0; i < n; i++) {
		while (pthread_tryjoin_np(threads[i], NULL)) {
			skep_ring_consume(rig->ring, 0, count, &rig->seen);
			usleep(200);
		}
	}
	assert_true(skep_ring_drain(rig->ring, count, &rig->seen) >= 0);
	skep_ring_stats(rig->ring, &stats);
	assert_int_equal(stats.delivered, rig->seen.n);
	assert_int_equal(stats.delivered + stats.lost, (uint64_t)n * ROUNDS * MAX_RECORDS);
	assert_true(stats.delivered > 1000);
	assert_true(rig->seen.is_good);
}

static void many_producers_lose_nothing_uncounted(void **state)
{
	struct producer producers[4];

	(void)state;
	NEED_BPF();
	for (size_t i = 0; i < 2; i = rig_next_kind(i)) {
		struct rig rig;

		rig_open(&rig, rig_kinds[i][0], rig_kinds[i][1], 1 << 20, NULL);
		all_at_once(&rig, rig_kinds[i][0], producers, 4);
		rig_close(&rig);
	}
}

static void cpus_are_merged_in_the_order_of_time(void **state)
{
	const struct skep_ring_opts opts = { .size = sizeof(opts), .merge_by_time = true };
	struct producer producers[4];
	struct rig rig;

	(void)state;
	NEED_ATOMICS();
	rig_open(&rig, "to_percpu", "percpu", 1 << 20, &opts);
	all_at_once(&rig, "to_percpu", producers, 4);
	assert_true(rig.seen.in_order);
	rig_close(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(full_channels_count_what_they_lose),
		cmocka_unit_test(perf_buffers_count_what_the_kernel_lost),
		cmocka_unit_test(plain_rings_say_that_nobody_counts),
		cmocka_unit_test(many_producers_lose_nothing_uncounted),
		cmocka_unit_test(cpus_are_merged_in_the_order_of_time),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
