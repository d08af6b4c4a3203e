// SPDX-License-Identifier: MIT
/* A sink's own thread. */
#include "stream/outlet.h"

#include <errno.h>
#include <signal.h>

#include "base/clock.h"
#include "base/error.h"

#define SECOND 1000000000ll

/* Between flushes when nothing comes. */
#define IDLE_MS 250

/* Records between looks at the clock, and so many times that between flushes. */
#define BATCH	1024
#define BATCHES 16

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

static void publish_losses(const struct outlet *outlet)
{
	uint64_t lost = outlet->sink->lost;

	lost += outlet->sub ? skep_subscriber_lost_all(outlet->sub) : 0;
	__atomic_store_n(&outlet->losses->lost, lost, __ATOMIC_RELAXED);
}

void skep_outlet_flush(struct outlet *outlet)
{
	tell_missed(outlet);
	publish_losses(outlet);
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
		skep_outlet_flush(outlet);
	}
	skep_subscriber_stop(outlet->sub);
	tell_missed(outlet);
	skep_sink_flush(outlet->sink, true);
	return NULL;
}

/* Signals are for the thread that runs the loop. */
int skep_outlet_start(struct outlet *outlet, struct skep_error *err)
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

void skep_outlet_end(struct outlet *outlet, int64_t until)
{
	const struct timespec when = { until / SECOND, until % SECOND };

	if (!outlet->is_running)
		return;
	outlet->is_abandoned = pthread_timedjoin_np(outlet->thread, NULL, &when) != 0;
	outlet->is_running = false;
}
