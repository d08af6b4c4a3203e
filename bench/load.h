/* SPDX-License-Identifier: MIT */
/*
 * One load in a fresh process, timed by itself: prints the nanoseconds from opening the object to
 * all of it being in the kernel, and the peak memory in KiB.
 */
#ifndef SKEP_BENCH_LOAD_H
#define SKEP_BENCH_LOAD_H

#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

static inline int64_t now_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * 1000000000ll + ts.tv_nsec;
}

static inline void report_load(int64_t start)
{
	int64_t end = now_ns(CLOCK_MONOTONIC);
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	printf("%lld %ld\n", (long long)(end - start), usage.ru_maxrss);
}

#endif
