/* SPDX-License-Identifier: MIT */
/*
 * skep/tally.h - many records as few lines: those that come first in some order, and how many there
 * are of each kind, with sums.
 *
 *	struct skep_tally_opts opts = { .size = sizeof(opts), .by = "comm", .sum = "bytes" };
 *	struct skep_tally *tally = skep_tally_new(schema, &opts, &err);
 *
 *	skep_tally_add(tally, data, len);	for each record
 *	skep_tally_write(tally, 20, &text);
 *
 * Columns are those of skep_schema_find_column(). All is held in memory that has a limit, whatever
 * the records are. What is here belongs to one thread at a time, and its schema must outlive it.
 */
#ifndef SKEP_TALLY_H
#define SKEP_TALLY_H

#include <skep/error.h>
#include <skep/record.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * skep_ordering_new - an order of records by "-ret,comm": columns parted by commas, with a minus in
 * front for the largest first. Numbers are ordered as numbers, also those that have names; text and
 * addresses by their bytes; what is not there comes first. ENOENT: there is no such column.
 */
struct skep_ordering *skep_ordering_new(const struct skep_schema *schema, const char *columns,
					struct skep_error *err);
void skep_ordering_free(struct skep_ordering *order);

/* Below, at or above zero, as memcmp(3). */
int skep_ordering_compare(struct skep_ordering *order, const void *a, size_t a_len, const void *b,
			  size_t b_len);

/*
 * skep_ranking_new - keeps the first @most of many records in an order; those that are equal as
 * they came. Errors as skep_ordering_new(); EINVAL: @most is 0.
 */
struct skep_ranking *skep_ranking_new(const struct skep_schema *schema, const char *columns,
				      size_t most, struct skep_error *err);
void skep_ranking_free(struct skep_ranking *ranking);

/* Copies the record, if it is one of the first. 0 or -ENOMEM. */
int skep_ranking_add(struct skep_ranking *ranking, const void *data, size_t len);

/* Puts what is kept in order, and how much that is; then each of it. */
size_t skep_ranking_sort(struct skep_ranking *ranking);
const void *skep_ranking_record(const struct skep_ranking *ranking, size_t i, size_t *len);

/* Records that were added and not kept. */
uint64_t skep_ranking_left_out(const struct skep_ranking *ranking);

/* Forgets all records. */
void skep_ranking_clear(struct skep_ranking *ranking);

struct skep_tally_opts {
	size_t size; /* sizeof(struct skep_tally_opts) */
	const char
		*by; /* columns of which each combination is a line: "comm,pid"; NULL: one line */
	const char *sum, *avg, *min, *max; /* columns of numbers; NULL: none */
	/*
	 * The order of the lines, as skep_ordering_new() has it: columns of `by`, "count", and
	 * "sum_x", "avg_x", "min_x", "max_x" of those that were asked for. NULL: "-count".
	 */
	const char *sort;
	size_t most; /* lines; 0: 10,000. Records that begin one more are counted as others. */
};

/*
 * skep_tally_new - ENOENT: there is no such column; EINVAL: it has no numbers, or is named twice.
 */
struct skep_tally *skep_tally_new(const struct skep_schema *schema,
				  const struct skep_tally_opts *opts, struct skep_error *err);
void skep_tally_free(struct skep_tally *tally);

/* 0 or -ENOMEM. */
int skep_tally_add(struct skep_tally *tally, const void *data, size_t len);

/*
 * The first @top lines (0: all) under a header, in columns; and, if there are any, the others that
 * had no line. Sums and the like have the units of their column.
 */
void skep_tally_write(struct skep_tally *tally, size_t top, struct skep_text *out);

/*
 * The same as a value inside other JSON: {"rows":[{"comm":"bash","count":3,"sum_bytes":10},...],
 * "other":{"count":2,"sum_bytes":1}}, "other" if there are any.
 */
void skep_tally_write_json(struct skep_tally *tally, size_t top, struct skep_text *out);

/* Forgets all that was counted. */
void skep_tally_clear(struct skep_tally *tally);

#ifdef __cplusplus
}
#endif

#endif
