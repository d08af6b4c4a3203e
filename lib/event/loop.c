// SPDX-License-Identifier: MIT
/* One epoll fd that waits for rings, other descriptors and timers. */
#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/vec.h"
#include "event/ring.h"

/* How often rings are looked at that wake nobody: while records come, and when none do. */
#define BUSY_NS	    1000000
#define IDLE_NS	    10000000
#define IDLE_ROUNDS 20

enum source_kind { SOURCE_STOP, SOURCE_TICK, SOURCE_RING, SOURCE_FD, SOURCE_TIMER };

struct source {
	enum source_kind kind;
	int fd;
	bool owns_fd, is_gone;
	struct skep_ring *ring;
	skep_record_fn record;
	skep_loop_fn fn;
	void *ctx;
};

struct idle {
	skep_loop_fn fn;
	void *ctx;
};

struct skep_loop {
	int epoll, stop, tick;
	bool stopping;
	uint64_t tick_ns;   /* 0: the tick is not armed */
	unsigned int quiet; /* rounds without a record */
	struct skep_vec(struct source *) sources;
	struct skep_vec(struct idle) idles;
};

SKEP_DEFINE_SCOPED(loop, struct skep_loop, skep_loop_free)

/* What the caller did not give. */
static const char *missing(const struct skep_loop *loop, bool has_fn)
{
	return !loop ? "loop" : !has_fn ? "callback" : NULL;
}

static int failed(struct skep_error *err, const char *what)
{
	return skep_error_set_errno(err, SKEP_STAGE_RECEIVE, errno, "%s", what);
}

static struct source *add_source(struct skep_loop *loop, const struct source *from,
				 struct skep_error *err)
{
	struct epoll_event event = { .events = EPOLLIN };
	struct source **slot = skep_vec_push(&loop->sources);
	struct source *source = slot ? calloc(1, sizeof(*source)) : NULL;

	if (!source) {
		if (slot)
			loop->sources.len--;
		skep_error_nomem(err, SKEP_STAGE_RECEIVE);
		return NULL;
	}
	*source = *from;
	*slot = source;
	event.data.ptr = source;
	if (source->fd >= 0 && epoll_ctl(loop->epoll, EPOLL_CTL_ADD, source->fd, &event)) {
		failed(err, "a descriptor cannot be waited for");
		loop->sources.len--;
		free(source);
		return NULL;
	}
	return source;
}

struct skep_loop *skep_loop_new(struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_loop) struct skep_loop *loop = calloc(1, sizeof(*loop));
	struct source stop = { .kind = SOURCE_STOP }, tick = { .kind = SOURCE_TICK };

	if (!loop) {
		skep_error_nomem(err, SKEP_STAGE_RECEIVE);
		return NULL;
	}
	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	stop.fd = loop->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	tick.fd = loop->tick = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (loop->epoll < 0 || loop->stop < 0 || loop->tick < 0) {
		failed(err, "the loop cannot be made");
		return NULL;
	}
	if (!add_source(loop, &stop, err) || !add_source(loop, &tick, err))
		return NULL;
	return SKEP_TAKE(loop);
}

void skep_loop_free(struct skep_loop *loop)
{
	if (!loop)
		return;
	skep_vec_for_each(&loop->sources, source) {
		if ((*source)->owns_fd)
			close((*source)->fd);
		free(*source);
	}
	skep_vec_free(&loop->sources);
	skep_vec_free(&loop->idles);
	skep_scoped_fd(&loop->tick);
	skep_scoped_fd(&loop->stop);
	skep_scoped_fd(&loop->epoll);
	free(loop);
}

int skep_loop_fd(const struct skep_loop *loop)
{
	return loop ? loop->epoll : -1;
}

static struct itimerspec every(uint64_t ns)
{
	struct timespec ts = { .tv_sec = (time_t)(ns / 1000000000),
			       .tv_nsec = (long)(ns % 1000000000) };

	return (struct itimerspec){ .it_interval = ts, .it_value = ts };
}

static void set_tick(struct skep_loop *loop, uint64_t ns)
{
	struct itimerspec spec = every(ns);

	if (loop->tick_ns == ns)
		return;
	loop->tick_ns = ns;
	timerfd_settime(loop->tick, 0, &spec, NULL);
}

int skep_loop_add_ring(struct skep_loop *loop, struct skep_ring *ring, skep_record_fn fn, void *ctx,
		       struct skep_error *err)
{
	struct source source = { .kind = SOURCE_RING, .ring = ring, .record = fn, .ctx = ctx };

	if (!loop || !ring || !fn)
		return skep_error_null(err, SKEP_STAGE_RECEIVE, missing(loop, !!fn) ?: "ring");
	source.fd = ring->fd;
	if (!add_source(loop, &source, err))
		return -EINVAL;
	/* Programs of others may ask for no wake-ups either, so every ring is looked at. */
	set_tick(loop, BUSY_NS);
	return 0;
}

int skep_loop_add_fd(struct skep_loop *loop, int fd, skep_loop_fn fn, void *ctx,
		     struct skep_error *err)
{
	struct source source = { .kind = SOURCE_FD, .fd = fd, .fn = fn, .ctx = ctx };

	if (!loop || !fn)
		return skep_error_null(err, SKEP_STAGE_RECEIVE, missing(loop, !!fn));
	if (fd < 0)
		return skep_error_set(err, SKEP_STAGE_RECEIVE, EBADF,
				      "there is no descriptor %d to wait for", fd);
	return add_source(loop, &source, err) ? 0 : -EINVAL;
}

/* Only marked: a callback may remove the source that is being served. */
void skep_loop_remove_fd(struct skep_loop *loop, int fd)
{
	if (!loop)
		return;
	skep_vec_for_each(&loop->sources, source) {
		if ((*source)->kind != SOURCE_FD || (*source)->fd != fd || (*source)->is_gone)
			continue;
		epoll_ctl(loop->epoll, EPOLL_CTL_DEL, fd, NULL);
		(*source)->is_gone = true;
	}
}

int skep_loop_add_timer(struct skep_loop *loop, uint64_t ns, skep_loop_fn fn, void *ctx,
			struct skep_error *err)
{
	struct itimerspec spec = every(ns);
	struct source source = { .kind = SOURCE_TIMER, .fn = fn, .ctx = ctx, .owns_fd = true };

	if (!loop || !fn)
		return skep_error_null(err, SKEP_STAGE_RECEIVE, missing(loop, !!fn));
	source.fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (source.fd < 0 || timerfd_settime(source.fd, 0, &spec, NULL)) {
		int ret = failed(err, "a timer cannot be made");

		skep_scoped_fd(&source.fd);
		return ret;
	}
	if (add_source(loop, &source, err))
		return 0;
	close(source.fd);
	return -EINVAL;
}

int skep_loop_add_idle(struct skep_loop *loop, skep_loop_fn fn, void *ctx, struct skep_error *err)
{
	struct idle *idle;

	if (!loop || !fn)
		return skep_error_null(err, SKEP_STAGE_RECEIVE, missing(loop, !!fn));
	idle = skep_vec_push(&loop->idles);
	if (!idle)
		return skep_error_nomem(err, SKEP_STAGE_RECEIVE);
	*idle = (struct idle){ fn, ctx };
	return 0;
}

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
	const struct source *source;
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

static int read_ring(const struct source *source, bool drain, size_t *count)
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
		set_tick(loop, BUSY_NS);
	else if (loop->quiet > IDLE_ROUNDS)
		set_tick(loop, IDLE_NS);
	return count ? run_idles(loop) : 0;
}

static void clear_timer(int fd)
{
	uint64_t times;

	/* Nothing to read means that somebody else's loop was faster. */
	if (read(fd, &times, sizeof(times)) < 0)
		return;
}

static int serve(struct skep_loop *loop, struct source *source, bool *rings)
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
		return errno == EINTR ? 0 : failed(err, "the loop cannot wait");
	/* Stopping comes before whatever else has happened, which stays for the next run. */
	for (int i = 0; i < n; i++)
		if (((struct source *)events[i].data.ptr)->kind == SOURCE_STOP)
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
