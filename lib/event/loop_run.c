// SPDX-License-Identifier: MIT
/* A loop's rounds: it waits, serves what has happened, and reads the rings. */
#include "event/loop.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"

/* Rounds without a record until rings are looked at less often. */
#define IDLE_ROUNDS 20

static int run_idles(struct skep_loop *loop)
{
	int ret = 0;

	for (size_t i = 0; i < loop->idles.len && !ret; i++)
		ret = loop->idles.items[i].fn(loop->idles.items[i].ctx);
	return ret;
}

/*
 * A ring's callback returns what it likes; a positive answer of it and a count of records are told
 * apart by remembering the former here.
 */
struct reading {
	const struct skep_loop_source *source;
	int ret;
	size_t count;
};

static int read_one(void *ctx, const struct skep_record *record)
{
	struct reading *reading = ctx;

	reading->count++;
	reading->ret = reading->source->record(reading->source->ctx, record);
	return reading->ret;
}

static int read_ring(const struct skep_loop_source *source, bool drain, size_t *count)
{
	struct reading reading = { .source = source };
	int ret = drain ? skep_ring_drain(source->ring, read_one, &reading) :
			  skep_ring_consume(source->ring, 0, read_one, &reading);

	*count += reading.count;
	return reading.ret ?: ret < 0 ? ret : 0;
}

static int read_rings(struct skep_loop *loop, bool drain)
{
	size_t count = 0;
	int ret = 0;

	for (size_t i = 0; i < loop->sources.len && !ret; i++)
		if (loop->sources.items[i]->kind == SOURCE_RING)
			ret = read_ring(loop->sources.items[i], drain, &count);
	loop->quiet = count ? 0 : loop->quiet + 1;
	if (!loop->tick_ns || ret)
		return ret;
	if (count)
		skep_loop_set_tick(loop, SKEP_LOOP_BUSY_NS);
	else if (loop->quiet > IDLE_ROUNDS)
		skep_loop_set_tick(loop, SKEP_LOOP_IDLE_NS);
	return count ? run_idles(loop) : 0;
}

static void clear_timer(int fd)
{
	uint64_t times;

	/* Nothing to read means that somebody else's loop was faster. */
	if (read(fd, &times, sizeof(times)) < 0)
		return;
}

static int serve(struct skep_loop *loop, struct skep_loop_source *source, bool *rings)
{
	if (source->is_gone)
		return 0;
	switch (source->kind) {
	case SOURCE_STOP:
		clear_timer(source->fd);
		loop->stopping = true;
		return 0;
	case SOURCE_TICK:
		clear_timer(source->fd);
		*rings = true;
		return 0;
	case SOURCE_RING:
		*rings = true;
		return 0;
	case SOURCE_TIMER:
		clear_timer(source->fd);
		return source->fn(source->ctx);
	default:
		return source->fn(source->ctx);
	}
}

static void free_gone(struct skep_loop *loop)
{
	size_t kept = 0;

	for (size_t i = 0; i < loop->sources.len; i++) {
		if (loop->sources.items[i]->is_gone)
			free(loop->sources.items[i]);
		else
			loop->sources.items[kept++] = loop->sources.items[i];
	}
	loop->sources.len = kept;
}

static int round_of(struct skep_loop *loop, int timeout, struct skep_error *err)
{
	struct epoll_event events[32];
	bool rings = false;
	int ret = 0;
	int n = epoll_wait(loop->epoll, events, 32, timeout);

	if (n < 0)
		return errno == EINTR ? 0 : skep_loop_failed(err, "the loop cannot wait");
	/* Stopping comes before whatever else has happened, which stays for the next run. */
	for (int i = 0; i < n; i++)
		if (((struct skep_loop_source *)events[i].data.ptr)->kind == SOURCE_STOP)
			return serve(loop, events[i].data.ptr, &rings);
	for (int i = 0; i < n && !ret; i++)
		ret = serve(loop, events[i].data.ptr, &rings);
	if (!ret && rings)
		ret = read_rings(loop, false);
	free_gone(loop);
	return ret;
}

static int64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ll + ts.tv_nsec;
}

/* Milliseconds up to the end, rounded up; at most a minute, so that nothing overflows. */
static int timeout_until(int64_t end)
{
	int64_t left;

	if (end < 0)
		return -1;
	left = (end - now_ns() + 999999) / 1000000;
	return left < 0 ? 0 : left > 60000 ? 60000 : (int)left;
}

int skep_loop_run(struct skep_loop *loop, int64_t ns, struct skep_error *err)
{
	int64_t end = ns < 0 ? -1 : now_ns() + ns;
	int ret;

	if (!loop)
		return skep_error_null(err, SKEP_STAGE_RECEIVE, "loop");
	do {
		ret = round_of(loop, timeout_until(end), err);
	} while (!ret && !loop->stopping && (end < 0 || now_ns() < end));
	loop->stopping = false;
	return ret;
}

void skep_loop_stop(struct skep_loop *loop)
{
	uint64_t one = 1;
	int saved = errno;

	if (!loop)
		return;
	/* A counter that is full says the same. */
	if (write(loop->stop, &one, sizeof(one)) < 0)
		errno = saved;
}

int skep_loop_drain(struct skep_loop *loop)
{
	return loop ? read_rings(loop, true) : -EINVAL;
}
