/* SPDX-License-Identifier: MIT */
/* What a sampler is made of. */
#ifndef SKEP_SAMPLE_SAMPLER_H
#define SKEP_SAMPLE_SAMPLER_H

#include <skep/sample.h>

/* A member of the value. */
struct skep_sample_member {
	uint32_t node;	 /* in the records' schema; 0: there is none */
	uint32_t offset; /* in the record */
	uint32_t size;	 /* bytes; of slots, each */
	uint32_t n;	 /* of slots */
};

struct skep_sampler {
	const struct skep_map *map;
	struct skep_sampler_opts opts;
	char unit[32];
	struct skep_schema *schema; /* of records */
	struct skep_schema *value;  /* of values; NULL: their type is not known */
	size_t cpu_at, value_at;    /* in a record */
	uint8_t *record;
	size_t record_size;
	size_t n_values, stride; /* of one element; bytes from one to the next */
	uint8_t *last;		 /* of an array that is to be cleared: what was there; or NULL */
	bool is_array;

	struct skep_sample_member slots, base, step;
	uint64_t *counts; /* slots.n of them */

	struct skep_map_iter *iter; /* the round under way; or NULL */
	uint64_t given;		    /* records of this round */

	struct skep_loop *loop;
	int timer;
	uint64_t interval_ns, due; /* when the next round begins, CLOCK_MONOTONIC */
	skep_sample_fn fn;
	void *ctx;
	struct skep_sampler_stats stats;
};

/* sample/pair.c: the schemas, and where key and value are. */
int skep_sampler_find_types(struct skep_sampler *s, struct skep_error *err);

/* sample/slots.c: where the histogram is. */
int skep_sampler_find_slots(struct skep_sampler *s, struct skep_error *err);

/*
 * The next batch of a round, which is begun if none is under way: 1, 0 when the round is over, or
 * -errno. What @fn returns, unless that is 0, is in *stopped.
 */
int skep_sampler_step(struct skep_sampler *s, skep_sample_fn fn, void *ctx, int *stopped,
		      struct skep_error *err);

#endif
