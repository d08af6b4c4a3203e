// SPDX-License-Identifier: MIT
/* What names of addresses cost: the first ones, and 10,000 more in stacks of ten frames. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <skep/symbol.h>

#include "clock.h"
#include "kernel/kallsyms.h"

#define STACKS 1000
#define DEPTH  10

static uint64_t kernel[STACKS * DEPTH], user[STACKS * DEPTH];

struct wanted {
	size_t n, seen;
};

/* Functions from all over the kernel: every few of them. */
static int take(const struct skep_kallsym *symbol, void *context)
{
	struct wanted *wanted = context;

	if (symbol->address && (symbol->type == 't' || symbol->type == 'T') &&
	    ++wanted->seen % 7 == 0)
		kernel[wanted->n++] = symbol->address + 4;
	return wanted->n == STACKS * DEPTH;
}

static int find_kernel(void)
{
	struct wanted wanted = { 0 };
	int fd = skep_kallsyms_open(NULL);

	if (fd < 0)
		return -1;
	skep_kallsyms_walk(fd, take, &wanted, NULL);
	close(fd);
	return wanted.n == STACKS * DEPTH ? 0 : -1;
}

static void find_user(void)
{
	static const uintptr_t functions[] = { (uintptr_t)qsort, (uintptr_t)fprintf,
					       (uintptr_t)find_user, (uintptr_t)strtoul,
					       (uintptr_t)getenv };

	for (size_t i = 0; i < STACKS * DEPTH; i++)
		user[i] = functions[i % 5] + i % 13;
}

/* Nanoseconds a frame; those of the first stack in *first, of a symbolizer that is new. */
static double measure(int pid, const uint64_t *addresses, double *first)
{
	struct skep_symbolizer *s = skep_symbolizer_new(NULL, NULL);
	struct skep_frame frames[DEPTH];
	int64_t start = 0;

	for (size_t i = 0; i <= STACKS; i++) {
		const uint64_t *stack = addresses + i % STACKS * DEPTH;
		int64_t begin = now_ns(CLOCK_MONOTONIC);

		if (pid)
			skep_symbolize_user(s, pid, stack, DEPTH, SKEP_SYMBOLIZE_STACK, frames,
					    NULL);
		else
			skep_symbolize_kernel(s, stack, DEPTH, SKEP_SYMBOLIZE_STACK, frames, NULL);
		if (i)
			continue;
		start = now_ns(CLOCK_MONOTONIC);
		*first = (double)(start - begin) / 1e6;
	}
	skep_symbolizer_free(s);
	return (double)(now_ns(CLOCK_MONOTONIC) - start) / (STACKS * DEPTH);
}

int main(void)
{
	double first, each;

	if (find_kernel()) {
		fprintf(stderr, "the kernel hides its addresses\n");
		return 1;
	}
	each = measure(0, kernel, &first);
	printf("%.2f %.1f ", first, each);
	find_user();
	each = measure(getpid(), user, &first);
	printf("%.2f %.1f\n", first, each);
	return 0;
}
