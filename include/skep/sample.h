/* SPDX-License-Identifier: MIT */
/*
 * skep/sample.h - maps as records: all elements of a map, again and again.
 *
 *	struct skep_sampler_opts opts = { .size = sizeof(opts), .clear = true };
 *	struct skep_sampler *s = skep_sampler_new(map, &opts, &err);
 *	skep_loop_add_sampler(loop, s, 1000000000, on_element, ctx, &err);
 *
 * Each element becomes a record of the struct {key, value}, whose schema skep_sampler_schema() is:
 * what writes, filters or stores records does the same with elements. The types are those that the
 * map's definition has, as skep/bpf/record.h lets its members say what they are.
 *
 * A round reads by batches where the kernel has them for the type, and lets the loop serve its
 *rings between two of them. An element that is deleted meanwhile is left out.
 *
 * Values of per-CPU maps are added up: integers, except those that stand for something else than a
 * number, a duration or bytes; of times the latest is taken, of all else what the first CPU has
 * that has anything.
 */
#ifndef SKEP_SAMPLE_H
#define SKEP_SAMPLE_H

#include <skep/histogram.h>
#include <skep/map.h>
#include <skep/record.h>
#include <skep/ring.h>

#ifdef __cplusplus
extern "C" {
#endif

enum skep_sample_kind {
	SKEP_SAMPLE_NONE, /* not said; samplers take it for KEY_VALUE */
	SKEP_SAMPLE_KEY_VALUE,
	SKEP_SAMPLE_LOG2,   /* the value's member `slots`, or the value itself, is a histogram by */
	SKEP_SAMPLE_LINEAR, /* powers of two, or in steps: an array of 32- or 64-bit counts */
};

struct skep_sampler_opts {
	size_t size; /* sizeof(struct skep_sampler_opts) */
	enum skep_sample_kind kind;
	const char *unit; /* of what a histogram counts: "usecs"; NULL: none */
	/*
	 * Each round gives what was counted since the last: elements are read and deleted in one
	 * step where the kernel can (hashes 5.6, queues, stacks). Arrays, whose elements stay, are
	 * left as they are, and the differences are given; elements without one are left out.
	 */
	bool clear;
	bool each_cpu; /* a record {key, cpu, value} for each CPU, instead of adding up */
	/* Of a linear histogram whose value has no members `base` and `step`. */
	int64_t base;
	uint64_t step;
	/* Types, for a map that stands alone, or other ones than the map's. NULL: the map's own. */
	const struct skep_btf *btf;
	uint32_t key_type_id, value_type_id;
	/* As of skep_schema_opts: names members that are stacks. */
	struct skep_symbolizer *symbolizer;
	const struct skep_map *const *stacks;
	size_t n_stacks;
};

struct skep_sampler;

/*
 * skep_sampler_new - the map must outlive it. NULL: ENOTSUP, the type's elements cannot be listed,
 * or an array with @clear is too large (64 MiB) to be remembered; EINVAL, a histogram is asked for
 * and the value has none; else as skep_schema_new.
 */
struct skep_sampler *skep_sampler_new(const struct skep_map *map,
				      const struct skep_sampler_opts *opts, struct skep_error *err);
void skep_sampler_free(struct skep_sampler *sampler);

/* Of the records: {key, value}, {key, cpu, value}; {value} of a map without keys. */
const struct skep_schema *skep_sampler_schema(const struct skep_sampler *sampler);

/*
 * Called for each element: @data is valid until the next one. @cpu is -1 unless each CPU is asked
 * for. Non-zero ends the round, or the loop, after the elements that have been read together.
 */
typedef int (*skep_sample_fn)(void *ctx, const struct skep_sampler *sampler, int cpu,
			      const void *data, size_t len);

/*
 * skep_sampler_read - a whole round now, going on with one that is under way in a loop. Returns the
 * number of records, what @fn returned if that is not 0, or -errno: EAGAIN, the map changes faster
 * than it can be read key by key.
 */
int64_t skep_sampler_read(struct skep_sampler *sampler, skep_sample_fn fn, void *ctx,
			  struct skep_error *err);

/*
 * skep_loop_add_sampler - a round every @ns nanoseconds, the first one after that time. A round
 * that fails is counted, and the next one begins anew; one that takes longer than @ns is followed
 * by the next at once. The sampler must outlive the loop, and be added to one only.
 */
int skep_loop_add_sampler(struct skep_loop *loop, struct skep_sampler *sampler, uint64_t ns,
			  skep_sample_fn fn, void *ctx, struct skep_error *err);

struct skep_sampler_stats {
	size_t size; /* sizeof(struct skep_sampler_stats), set by the caller */
	uint64_t rounds, records;
	uint64_t late;		   /* rounds that were not over when the next was due */
	uint64_t failed;	   /* rounds */
	struct skep_error problem; /* of the last that failed */
};

void skep_sampler_stats(const struct skep_sampler *sampler, struct skep_sampler_stats *stats);

/*
 * skep_sampler_histogram - the histogram of a record. Its slots are the sampler's, until the next
 * call. False: the sampler is of another kind, or the record is too short.
 */
bool skep_sampler_histogram(struct skep_sampler *sampler, const void *data, size_t len,
			    struct skep_histogram *histogram);

/*
 * skep_sampler_write_text - a record for people. Of a histogram a line "key = ...", one for each
 * other member of the value, the table, and an empty line; else as skep_record_write_text().
 * Threads may call it at the same time.
 */
void skep_sampler_write_text(const struct skep_sampler *sampler, const void *data, size_t len,
			     struct skep_text *out);

/* What a program's source says of one of its maps (SKEP_SAMPLE() of skep/bpf/sample.h). */
struct skep_sample_note {
	size_t size; /* sizeof(struct skep_sample_note), set by the caller */
	enum skep_sample_kind kind;
	uint32_t interval_ms;
	bool clear;
	char unit[32];
};

/* 1, 0 when it says nothing, or -EINVAL for a note that is damaged. */
int skep_sample_note(const struct skep_spec *spec, const char *map, struct skep_sample_note *note,
		     struct skep_error *err);

#ifdef __cplusplus
}
#endif

#endif
