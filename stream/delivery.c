// SPDX-License-Identifier: MIT
#include "stream/delivery.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/opts.h"

#define SECOND 1000000000ll

/* Between flushes when nothing comes. */
#define IDLE_MS 250

/* Records between looks at the clock, and so many times that between flushes. */
#define BATCH	1024
#define BATCHES 16

/* A sink that does not come back from a system call is left behind so long after its time. */
#define GRACE_NS (4 * SECOND)

struct outlet {
	struct skep_delivery *delivery;
	struct skep_sink *sink;
	struct skep_subscriber *sub; /* NULL: called by the publisher */
	pthread_t thread;
	uint32_t reopened; /* the last request it has followed */
	bool is_running;   /* has a thread */
	bool is_abandoned;
	bool is_broken; /* atomic: as the sink's */
	uint64_t done;	/* atomic: as far as is known of one that was abandoned */
	uint64_t told[SKEP_BUS_SOURCES];
};

struct skep_delivery {
	struct skep_bus *bus;
	struct skep_vec(struct outlet *) outlets;
	struct outlet *direct; /* called by the publisher */
	size_t n_threads;
	uint64_t published, filtered;
	skep_delivery_source_fn on_source;
	void *on_source_ctx;
	int64_t end_ns;
	int64_t deadline;      /* atomic; 0: not yet */
	uint32_t n_reopenings; /* atomic: requests so far */
	bool is_started;
	bool is_dirty; /* since the last flush */
	int64_t now;   /* of this round's records */
};

SKEP_DEFINE_SCOPED(delivery, struct skep_delivery, skep_delivery_free)

struct skep_delivery *skep_delivery_new(const struct skep_delivery_opts *opts,
					struct skep_error *err)
{
	const struct skep_delivery_opts o = SKEP_OPTS(struct skep_delivery_opts, opts);
	SKEP_SCOPED(skep_scoped_delivery) struct skep_delivery *d = calloc(1, sizeof(*d));

	if (!d) {
		skep_error_nomem(err, SKEP_STAGE_DELIVER);
		return NULL;
	}
	d->end_ns = o.end_ns ?: 5 * SECOND;
	d->bus = skep_bus_new(&o.bus, err);
	return d->bus ? SKEP_TAKE(d) : NULL;
}

/* Losses that came before this sink, as far as it has not been told. */
static void tell_missed(struct outlet *outlet)
{
	struct skep_bus *bus = outlet->delivery->bus;
	const struct skep_source *source;

	if (!outlet->sink->type->missed)
		return;
	for (uint32_t i = 0; (source = skep_bus_source(bus, i)); i++) {
		uint64_t lost = skep_bus_lost(bus, source);

		lost += outlet->sub ? skep_subscriber_lost(outlet->sub, source) : 0;
		skep_sink_missed(outlet->sink, source, lost - outlet->told[i]);
		outlet->told[i] = lost;
	}
}

static void follow_requests(struct outlet *outlet)
{
	uint32_t now = __atomic_load_n(&outlet->delivery->n_reopenings, __ATOMIC_RELAXED);

	if (now == outlet->reopened)
		return;
	outlet->reopened = now;
	skep_sink_reopen(outlet->sink);
}

static void flush(struct outlet *outlet)
{
	tell_missed(outlet);
	skep_sink_flush(outlet->sink, false);
	follow_requests(outlet);
	__atomic_store_n(&outlet->is_broken, outlet->sink->is_broken, __ATOMIC_RELAXED);
	__atomic_store_n(&outlet->done, outlet->sink->delivered, __ATOMIC_RELAXED);
}

/* False when its time is over. */
static bool has_time(const struct outlet *outlet)
{
	int64_t deadline = __atomic_load_n(&outlet->delivery->deadline, __ATOMIC_RELAXED);

	return !deadline || skep_clock_now(CLOCK_MONOTONIC) < deadline;
}

static bool write_batch(struct outlet *outlet)
{
	struct skep_bus_record r;
	int n = 0;

	while (n < BATCH && skep_subscriber_next(outlet->sub, &r)) {
		outlet->sink->time = r.time;
		outlet->sink->cpu = r.cpu;
		skep_sink_write(outlet->sink, r.source, r.data, r.len);
		n++;
	}
	return n == BATCH;
}

static void *serve(void *ctx)
{
	struct outlet *outlet = ctx;

	while (has_time(outlet) && !skep_subscriber_at_end(outlet->sub)) {
		skep_subscriber_wait(outlet->sub, IDLE_MS);
		for (int i = 0; i < BATCHES && write_batch(outlet) && has_time(outlet);)
			i++;
		flush(outlet);
	}
	skep_subscriber_stop(outlet->sub);
	tell_missed(outlet);
	skep_sink_flush(outlet->sink, true);
	return NULL;
}

/* Signals are for the thread that runs the loop. */
static int start_thread(struct outlet *outlet, struct skep_error *err)
{
	sigset_t all, before;
	int code;

	outlet->sub = skep_bus_subscribe(outlet->delivery->bus, err);
	if (!outlet->sub)
		return -ENOMEM;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	code = pthread_create(&outlet->thread, NULL, serve, outlet);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (code)
		return skep_error_set_errno(err, SKEP_STAGE_DELIVER, code,
					    "no thread can be had for output '%s'",
					    outlet->sink->spec);
	outlet->is_running = true;
	outlet->delivery->n_threads++;
	return 0;
}

int skep_delivery_add(struct skep_delivery *d, struct skep_sink *sink, struct skep_error *err)
{
	struct outlet *outlet = calloc(1, sizeof(*outlet));
	struct outlet **slot = outlet ? skep_vec_push(&d->outlets) : NULL;

	if (!slot) {
		free(outlet);
		skep_sink_close(sink);
		return skep_error_nomem(err, SKEP_STAGE_DELIVER);
	}
	*slot = outlet;
	*outlet = (struct outlet){ .delivery = d, .sink = sink };
	return d->is_started ? start_thread(outlet, err) : 0;
}

struct skep_source *skep_delivery_add_source(struct skep_delivery *d, const char *name,
					     const struct skep_schema *schema,
					     struct skep_error *err)
{
	struct skep_source *source = skep_bus_add_source(d->bus, name, schema, err);

	if (source && d->on_source && d->on_source(d->on_source_ctx, source, err))
		return NULL;
	return source;
}

void skep_delivery_on_source(struct skep_delivery *d, skep_delivery_source_fn fn, void *ctx)
{
	d->on_source = fn;
	d->on_source_ctx = ctx;
}

uint64_t skep_delivery_filtered(const struct skep_delivery *d)
{
	return d->filtered;
}

int skep_delivery_start(struct skep_delivery *d, struct skep_error *err)
{
	d->is_started = true;
	if (d->outlets.len == 1 && !d->outlets.items[0]->sink->may_wait) {
		d->direct = d->outlets.items[0];
		return 0;
	}
	for (size_t i = 0; i < d->outlets.len; i++) {
		int ret = start_thread(d->outlets.items[i], err);

		if (ret)
			return ret;
	}
	return 0;
}

static bool is_wanted(const struct skep_source *source, const void *data, uint32_t len)
{
	for (size_t i = 0; i < source->n_filters; i++)
		if (!skep_filter_matches(source->filters[i], data, len))
			return false;
	return !source->is_unwanted;
}

void skep_delivery_publish(struct skep_delivery *d, const struct skep_source *source, int cpu,
			   const void *data, uint32_t len)
{
	if (!is_wanted(source, data, len)) {
		d->filtered++;
		return;
	}
	if (!d->is_dirty) {
		d->is_dirty = true;
		d->now = skep_clock_now(CLOCK_REALTIME);
		skep_bus_time(d->bus, d->now);
	}
	d->published++;
	if (d->n_threads)
		skep_bus_publish(d->bus, source, cpu, data, len);
	if (!d->direct)
		return;
	d->direct->sink->time = d->now;
	d->direct->sink->cpu = cpu;
	skep_sink_write(d->direct->sink, source, data, len);
}

void skep_delivery_missed(struct skep_delivery *d, const struct skep_source *source, uint64_t total)
{
	skep_bus_lose(d->bus, source, total - skep_bus_lost(d->bus, source));
}

void skep_delivery_flush(struct skep_delivery *d)
{
	d->is_dirty = false;
	skep_bus_flush(d->bus);
	if (d->direct)
		flush(d->direct);
}

void skep_delivery_reopen(struct skep_delivery *d)
{
	__atomic_fetch_add(&d->n_reopenings, 1, __ATOMIC_RELAXED);
}

bool skep_delivery_is_over(const struct skep_delivery *d)
{
	for (size_t i = 0; i < d->outlets.len; i++)
		if (!__atomic_load_n(&d->outlets.items[i]->is_broken, __ATOMIC_RELAXED))
			return false;
	return d->outlets.len > 0;
}

static void end_thread(struct outlet *outlet, int64_t until)
{
	const struct timespec when = { until / SECOND, until % SECOND };

	if (!outlet->is_running)
		return;
	outlet->is_abandoned = pthread_timedjoin_np(outlet->thread, NULL, &when) != 0;
	outlet->is_running = false;
}

void skep_delivery_end(struct skep_delivery *d)
{
	int64_t deadline = skep_clock_now(CLOCK_MONOTONIC) + d->end_ns;
	int64_t until = skep_clock_now(CLOCK_REALTIME) + d->end_ns + GRACE_NS;

	for (size_t i = 0; i < d->outlets.len; i++)
		__atomic_store_n(&d->outlets.items[i]->sink->is_ending, true, __ATOMIC_RELAXED);
	__atomic_store_n(&d->deadline, deadline, __ATOMIC_RELAXED);
	skep_bus_end(d->bus);
	for (size_t i = 0; i < d->outlets.len; i++)
		end_thread(d->outlets.items[i], until);
	if (d->direct) {
		flush(d->direct);
		skep_sink_flush(d->direct->sink, true);
	}
}

/* What an abandoned one does just now is not known: nothing of its own is looked at. */
static void abandoned_stats(const struct skep_delivery *d, const struct outlet *outlet,
			    struct skep_delivery_stats *stats)
{
	uint64_t done = __atomic_load_n(&outlet->done, __ATOMIC_RELAXED);

	stats->delivered = done;
	stats->failed = d->published > done ? d->published - done : 0;
	skep_error_set(&stats->problem, SKEP_STAGE_DELIVER, ETIMEDOUT,
		       "it did not come to an end in %d s", (int)((d->end_ns + GRACE_NS) / SECOND));
	skep_error_add_subject(&stats->problem, "output '%s'", stats->spec);
}

bool skep_delivery_stats(const struct skep_delivery *d, size_t i, struct skep_delivery_stats *stats)
{
	const struct outlet *outlet = i < d->outlets.len ? d->outlets.items[i] : NULL;

	if (!outlet)
		return false;
	*stats = (struct skep_delivery_stats){ .spec = outlet->sink->spec };
	if (outlet->is_abandoned) {
		abandoned_stats(d, outlet, stats);
		return true;
	}
	stats->delivered = outlet->sink->delivered;
	stats->failed = outlet->sink->lost;
	stats->lagged = outlet->sub ? skep_subscriber_lost_all(outlet->sub) : 0;
	stats->problem = outlet->sink->failed;
	return true;
}

bool skep_delivery_free(struct skep_delivery *d)
{
	bool is_abandoned = false;

	if (!d)
		return true;
	for (size_t i = 0; i < d->outlets.len; i++)
		if (d->outlets.items[i]->is_running)
			skep_delivery_end(d);
	for (size_t i = 0; i < d->outlets.len; i++) {
		struct outlet *outlet = d->outlets.items[i];

		is_abandoned |= outlet->is_abandoned;
		if (outlet->is_abandoned)
			continue;
		skep_bus_unsubscribe(outlet->sub);
		skep_sink_close(outlet->sink);
		free(outlet);
	}
	if (is_abandoned)
		return false;
	skep_vec_free(&d->outlets);
	skep_bus_free(d->bus);
	free(d);
	return true;
}
