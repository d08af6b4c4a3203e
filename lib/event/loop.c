// SPDX-License-Identifier: MIT
/* One epoll fd, and what is added to it: rings, other descriptors and timers. */
#include "event/loop.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"

SKEP_DEFINE_SCOPED(loop, struct skep_loop, skep_loop_free)

/* What the caller did not give. */
static const char *missing(const struct skep_loop *loop, bool has_fn)
{
	return !loop ? "loop" : !has_fn ? "callback" : NULL;
}

int skep_loop_failed(struct skep_error *err, const char *what)
{
	return skep_error_set_errno(err, SKEP_STAGE_RECEIVE, errno, "%s", what);
}

static struct skep_loop_source *add_source(struct skep_loop *loop,
					   const struct skep_loop_source *from,
					   struct skep_error *err)
{
	struct epoll_event event = { .events = EPOLLIN };
	struct skep_loop_source **slot = skep_vec_push(&loop->sources);
	struct skep_loop_source *source = slot ? calloc(1, sizeof(*source)) : NULL;

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
		skep_loop_failed(err, "a descriptor cannot be waited for");
		loop->sources.len--;
		free(source);
		return NULL;
	}
	return source;
}

struct skep_loop *skep_loop_new(struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_loop) struct skep_loop *loop = calloc(1, sizeof(*loop));
	struct skep_loop_source stop = { .kind = SOURCE_STOP }, tick = { .kind = SOURCE_TICK };

	if (!loop) {
		skep_error_nomem(err, SKEP_STAGE_RECEIVE);
		return NULL;
	}
	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	stop.fd = loop->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	tick.fd = loop->tick = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (loop->epoll < 0 || loop->stop < 0 || loop->tick < 0) {
		skep_loop_failed(err, "the loop cannot be made");
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

void skep_loop_set_tick(struct skep_loop *loop, uint64_t ns)
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
	struct skep_loop_source source = {
		.kind = SOURCE_RING, .ring = ring, .record = fn, .ctx = ctx
	};

	if (!loop || !ring || !fn)
		return skep_error_null(err, SKEP_STAGE_RECEIVE, missing(loop, !!fn) ?: "ring");
	source.fd = ring->fd;
	if (!add_source(loop, &source, err))
		return -EINVAL;
	/* Programs of others may ask for no wake-ups either, so every ring is looked at. */
	skep_loop_set_tick(loop, SKEP_LOOP_BUSY_NS);
	return 0;
}

int skep_loop_add_fd(struct skep_loop *loop, int fd, skep_loop_fn fn, void *ctx,
		     struct skep_error *err)
{
	struct skep_loop_source source = { .kind = SOURCE_FD, .fd = fd, .fn = fn, .ctx = ctx };

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
	struct skep_loop_source source = {
		.kind = SOURCE_TIMER, .fn = fn, .ctx = ctx, .owns_fd = true
	};

	if (!loop || !fn)
		return skep_error_null(err, SKEP_STAGE_RECEIVE, missing(loop, !!fn));
	source.fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (source.fd < 0 || timerfd_settime(source.fd, 0, &spec, NULL)) {
		int ret = skep_loop_failed(err, "a timer cannot be made");

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
	struct skep_loop_idle *idle;

	if (!loop || !fn)
		return skep_error_null(err, SKEP_STAGE_RECEIVE, missing(loop, !!fn));
	idle = skep_vec_push(&loop->idles);
	if (!idle)
		return skep_error_nomem(err, SKEP_STAGE_RECEIVE);
	*idle = (struct skep_loop_idle){ fn, ctx };
	return 0;
}
