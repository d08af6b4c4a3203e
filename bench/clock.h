/* SPDX-License-Identifier: MIT */
#ifndef SKEP_BENCH_CLOCK_H
#define SKEP_BENCH_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline int64_t now_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * 1000000000ll + ts.tv_nsec;
}

#endif
