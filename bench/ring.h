/* SPDX-License-Identifier: MIT */
/* Reading a full ring buffer, by whichever library. */
#ifndef SKEP_BENCH_RING_H
#define SKEP_BENCH_RING_H

#include <stdint.h>
#include <stdio.h>

#include "clock.h"

#define RECORDS 200000 /* as many as fit, in thousands */
#define ROUNDS	20

/* A record as the program writes it (bench/bpf/ring.bpf.c), read in place. */
struct event {
	uint64_t number;
	uint64_t rest[7];
};

/* What a callback does with each: it takes one member, and sees whether any is missing. */
struct reading {
	uint64_t next, wrong;
};

static inline void read_event(struct reading *r, const void *data)
{
	const struct event *e = data;

	r->wrong += e->number != r->next;
	r->next = e->number + 1;
}

/* Prints nanoseconds a record, of the fastest round. */
static inline int report(const struct reading *r, int64_t best_ns)
{
	if (r->wrong || r->next != (uint64_t)RECORDS * ROUNDS) {
		fprintf(stderr, "%llu records, %llu of them not in order\n",
			(unsigned long long)r->next, (unsigned long long)r->wrong);
		return 1;
	}
	printf("%.2f\n", (double)best_ns / RECORDS);
	return 0;
}

#endif
