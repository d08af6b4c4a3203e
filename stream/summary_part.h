/* SPDX-License-Identifier: MIT */
/* What a summary holds of one source. */
#ifndef SKEP_STREAM_SUMMARY_PART_H
#define SKEP_STREAM_SUMMARY_PART_H

#include <skep/histogram.h>

#include "stream/summary.h"

#define SKEP_SUMMARY_SLOTS 100

struct skep_summary_part {
	const struct skep_source *source;
	struct skep_tally *tally;
	struct skep_ranking *ranking;
	struct skep_histogram histogram;
	uint64_t slots[SKEP_SUMMARY_SLOTS];
	size_t column;	  /* of the histogram */
	const char *unit; /* of its values; "" */
	char *heading;
	uint64_t n; /* records since the last block */
};

/* ENOENT, EINVAL as skep_summary_add_source(). Empty at the beginning; freed in any case. */
int skep_summary_part_open(struct skep_summary_part *part, const struct skep_summary_opts *opts,
			   const struct skep_source *source, struct skep_error *err);
void skep_summary_part_close(struct skep_summary_part *part);

int skep_summary_part_add(struct skep_summary_part *part, const void *data, size_t len);

/* For people, at most @top lines under a header; and as lines of JSON. */
void skep_summary_part_write(struct skep_summary_part *part, size_t top, struct skep_text *out);
void skep_summary_part_write_json(struct skep_summary_part *part, size_t top, int64_t now,
				  struct skep_text *out);

#endif
