/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/time.h - clocks, all in nanoseconds, and spans of time.
 *
 *	__u64 start = skep_now();
 *	...
 *	if (skep_now() - start > 5 * SKEP_MSEC)
 */
#ifndef SKEP_BPF_TIME_H
#define SKEP_BPF_TIME_H

#include <skep/bpf/helpers.h>

#define SKEP_USEC 1000ull
#define SKEP_MSEC (1000 * SKEP_USEC)
#define SKEP_SEC  (1000 * SKEP_MSEC)

/* CLOCK_MONOTONIC: since the machine was started, without the time that it slept. */
#define skep_now() bpf_ktime_get_ns()

/* CLOCK_BOOTTIME: with the time that it slept; 5.8. Start times of processes are of this clock. */
#define skep_now_boot() bpf_ktime_get_boot_ns()

/* CLOCK_MONOTONIC as of the last tick: cheaper, exact to milliseconds; 5.11. */
#define skep_now_coarse() bpf_ktime_get_coarse_ns()

/* CLOCK_TAI: of the world, without leap seconds; 6.1. */
#define skep_now_tai() bpf_ktime_get_tai_ns()

/* Which power of two a span is of: 0 for 0 and 1, 10 for 1024 to 2047. For histograms. */
static __always_inline __attribute__((unused)) __u32 skep_log2(__u64 x)
{
	__u32 log = 0, shift;

	/* Without branches, as the verifier would follow both sides of each of six. */
#pragma unroll
	for (int bits = 32; bits; bits >>= 1) {
		__u64 above = x >> bits;

		shift = (__u32)(((above | -above) >> 63) * bits);
		x >>= shift;
		log |= shift;
	}
	return log;
}

#endif
