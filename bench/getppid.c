// SPDX-License-Identifier: MIT
/*
 * The workload of the tracing benchmarks: N calls of getppid(2), the cheapest there is. Prints the
 * wall and CPU nanoseconds a call, as this thread saw them, to the file named in argv[2].
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "clock.h"

int main(int argc, char **argv)
{
	long n = argc > 1 ? atol(argv[1]) : 100000;
	FILE *out = argc > 2 ? fopen(argv[2], "w") : stdout;
	int64_t wall = now_ns(CLOCK_MONOTONIC), cpu = now_ns(CLOCK_THREAD_CPUTIME_ID);

	for (long i = 0; i < n; i++)
		syscall(SYS_getppid);
	cpu = now_ns(CLOCK_THREAD_CPUTIME_ID) - cpu;
	wall = now_ns(CLOCK_MONOTONIC) - wall;
	if (!out)
		return 1;
	fprintf(out, "%.2f %.2f\n", (double)wall / n, (double)cpu / n);
	return fclose(out) != 0;
}
