/* SPDX-License-Identifier: MIT */
/* Clocks as nanoseconds, and what one is ahead of another. */
#ifndef SKEP_BASE_CLOCK_H
#define SKEP_BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline int64_t skep_clock_now(clockid_t clock)
{
	struct timespec ts = { 0 };

	clock_gettime(clock, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

/* What is added to a time of @clock to have nanoseconds since 1970, at this moment. */
static inline int64_t skep_clock_to_realtime(clockid_t clock)
{
	return skep_clock_now(CLOCK_REALTIME) - skep_clock_now(clock);
}

#endif
