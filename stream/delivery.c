// SPDX-License-Identifier: MIT
#include "stream/outlet.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/opts.h"

#define SECOND 1000000000ll

/* Blocks of the bus that who can wait fills before a sink has read them. */
#define MOST_BEHIND 8

/* A sink that does not come back from a system call is left behind so long after its time. */
#define GRACE_NS (4 * SECOND)

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

static struct skep_sink_losses *new_losses(struct skep_delivery *d, const char *spec)
{
	struct skep_sink_losses *losses = calloc(1, sizeof(*losses) + strlen(spec) + 1);

	if (!losses)
		return NULL;
	memcpy(losses->spec, spec, strlen(spec) + 1);
	losses->next = d->losses;
	__atomic_store_n(&d->losses, losses, __ATOMIC_RELEASE);
	return losses;
}

/* After all sinks, which may look at them. */
static void free_losses(struct skep_delivery *d)
{
	while (d->losses) {
		struct skep_sink_losses *losses = d->losses;

		d->losses = losses->next;
		free(losses);
	}
}

int skep_delivery_add(struct skep_delivery *d, struct skep_sink *sink, struct skep_error *err)
{
	struct outlet *outlet = calloc(1, sizeof(*outlet));
	struct skep_sink_losses *losses = outlet ? new_losses(d, sink->spec) : NULL;
	struct outlet **slot = losses ? skep_vec_push(&d->outlets) : NULL;

	if (!slot) {
		free(outlet);
		skep_sink_close(sink);
		return skep_error_nomem(err, SKEP_STAGE_DELIVER);
	}
	*slot = outlet;
	*outlet = (struct outlet){ .delivery = d, .sink = sink, .losses = losses };
	sink->run = &d->losses;
	return d->is_started ? skep_outlet_start(outlet, err) : 0;
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
		int ret = skep_outlet_start(d->outlets.items[i], err);

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

void skep_delivery_time(struct skep_delivery *d, int64_t time)
{
	d->is_dirty = true;
	d->now = time;
	skep_bus_time(d->bus, time);
}

static void wait_for(struct skep_delivery *d, const struct outlet *outlet, int64_t patience_ns)
{
	uint64_t behind, last = UINT64_MAX;
	int64_t now, since = 0;

	while (outlet->sub && (behind = skep_subscriber_behind(outlet->sub)) > MOST_BEHIND) {
		now = skep_clock_now(CLOCK_MONOTONIC);
		since = behind < last ? now : since;
		last = behind;
		if (now - since > patience_ns)
			return;
		skep_bus_flush(d->bus);
		usleep(200);
	}
}

void skep_delivery_wait(struct skep_delivery *d, int64_t patience_ns)
{
	for (size_t i = 0; i < d->outlets.len; i++)
		wait_for(d, d->outlets.items[i], patience_ns);
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
		skep_outlet_flush(d->direct);
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

void skep_delivery_end(struct skep_delivery *d)
{
	int64_t deadline = skep_clock_now(CLOCK_MONOTONIC) + d->end_ns;
	int64_t until = skep_clock_now(CLOCK_REALTIME) + d->end_ns + GRACE_NS;

	for (size_t i = 0; i < d->outlets.len; i++)
		__atomic_store_n(&d->outlets.items[i]->sink->is_ending, true, __ATOMIC_RELAXED);
	__atomic_store_n(&d->deadline, deadline, __ATOMIC_RELAXED);
	skep_bus_end(d->bus);
	for (size_t i = 0; i < d->outlets.len; i++)
		skep_outlet_end(d->outlets.items[i], until);
	if (d->direct) {
		skep_outlet_flush(d->direct);
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
	free_losses(d);
	skep_vec_free(&d->outlets);
	skep_bus_free(d->bus);
	free(d);
	return true;
}
