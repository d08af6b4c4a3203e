/* SPDX-License-Identifier: MIT */
/*
 * Instead of records: what they are as a whole. Counts by columns, the first in some order, or a
 * histogram of a column, on stdout at the end of a run or again and again: redrawn on a terminal,
 * block after block elsewhere.
 *
 * Counts and histograms are of all records so far, an order of those since the last time.
 */
#ifndef SKEP_STREAM_SUMMARY_H
#define SKEP_STREAM_SUMMARY_H

#include <skep/tally.h>

#include "stream/sink.h"

enum skep_summary_kind {
	SKEP_SUMMARY_COUNT,
	SKEP_SUMMARY_ORDER,
	SKEP_SUMMARY_HISTOGRAM,
};

/* Texts are the caller's and must outlive the sink. */
struct skep_summary_opts {
	enum skep_summary_kind kind;
	struct skep_tally_opts tally; /* of counts */
	const char *sort;	      /* of an order: "-ret,comm" */
	const char
		*hist; /* of a histogram: "ret", or for linear ones "ret:STEP", "ret:STEP:FROM" */
	size_t top;    /* lines; 0: all */
	int64_t every_ns; /* between blocks; 0: one at the end */
	bool is_json;
};

/* Lines of an order that has no top. */
#define SKEP_SUMMARY_MOST 10000

/* A sink like those of skep_sink_open(). */
struct skep_sink *skep_summary_new(const struct skep_summary_opts *opts, struct skep_error *err);

/*
 * Before the first record of a source comes. ENOENT, with the reason: it has no such column (or no
 * columns at all), and its records will be left out. EINVAL: the column has nothing of that kind.
 */
int skep_summary_add_source(struct skep_sink *sink, const struct skep_source *source,
			    struct skep_error *err);

/* Records of an order that were not among those written, at the end of the run. */
uint64_t skep_summary_left_out(const struct skep_sink *sink);

#endif
