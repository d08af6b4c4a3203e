// SPDX-License-Identifier: MIT
/*
 * Samplers in a loop. Between two batches the timer runs out at once, so that the loop comes round
 * and serves what else has happened.
 */
#include "sample/sampler.h"

#include <errno.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"

static void arm(struct skep_sampler *s, uint64_t when)
{
	struct itimerspec spec = {
		.it_value = { .tv_sec = (time_t)(when / 1000000000),
			      .tv_nsec = (long)(when % 1000000000) },
	};

	timerfd_settime(s->timer, TFD_TIMER_ABSTIME, &spec, NULL);
}

/* Rounds keep their distance; those that have been missed are not made up for. */
static void arm_for_next(struct skep_sampler *s)
{
	uint64_t now = (uint64_t)skep_clock_now(CLOCK_MONOTONIC);

	s->due += s->interval_ns;
	if (s->due <= now) {
		s->stats.late++;
		s->due = now + 1;
	}
	arm(s, s->due);
}

static int on_timer(void *ctx)
{
	struct skep_sampler *s = ctx;
	struct skep_error err = { 0 };
	uint64_t times;
	int ret, stopped = 0;

	if (read(s->timer, &times, sizeof(times)) < 0 && errno != EAGAIN)
		return 0;
	ret = skep_sampler_step(s, s->fn, s->ctx, &stopped, &err);
	if (ret < 0) {
		s->stats.failed++;
		s->stats.problem = err;
	}
	if (ret > 0)
		arm(s, 1);
	else
		arm_for_next(s);
	return stopped;
}

int skep_loop_add_sampler(struct skep_loop *loop, struct skep_sampler *s, uint64_t ns,
			  skep_sample_fn fn, void *ctx, struct skep_error *err)
{
	int ret;

	if (!loop || !s || !fn)
		return skep_error_null(err, SKEP_STAGE_RECEIVE,
				       !loop ? "loop" :
				       !s    ? "sampler" :
					       "callback");
	if (!ns || ns > INT64_MAX / 2 || s->timer >= 0)
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      s->timer >= 0 ? "the sampler is in a loop already" :
						      "there is no time between two rounds");
	s->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (s->timer < 0)
		return skep_error_set_errno(err, SKEP_STAGE_RECEIVE, errno,
					    "a timer cannot be made");
	s->loop = loop;
	s->interval_ns = ns;
	s->fn = fn;
	s->ctx = ctx;
	ret = skep_loop_add_fd(loop, s->timer, on_timer, s, err);
	if (ret) {
		close(s->timer);
		s->timer = -1;
		return ret;
	}
	s->due = (uint64_t)skep_clock_now(CLOCK_MONOTONIC) + ns;
	arm(s, s->due);
	return 0;
}
