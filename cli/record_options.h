/* SPDX-License-Identifier: MIT */
/* Which records a command shows, and in which form they are summed up: --filter, --count, ... */
#ifndef SKEP_CLI_RECORD_OPTIONS_H
#define SKEP_CLI_RECORD_OPTIONS_H

#include "base/vec.h"
#include "cli/options.h"
#include "stream/delivery.h"

/* The filters of one source. */
struct record_filters {
	struct skep_filter **items;
	size_t len;
};

struct record_options {
	struct option_list filters;
	const char *count, *sum, *avg, *min, *max;
	const char *sort, *hist;
	uint64_t top;
	int64_t every;

	struct skep_sink *summary; /* the delivery's */
	struct skep_vec(struct record_filters) compiled;
	size_t n_sources, n_wanted; /* with all that is asked for */
	struct skep_error lacking;  /* what the first of the others lacks */
};

#define RECORD_OPTION(kind, name, value, help, target)            \
	{                                                         \
		OPTION_##kind, 0, name, value, help, target, NULL \
	}

/* The options' lines in a command's table. */
#define RECORD_OPTIONS(o)                                                                      \
	RECORD_OPTION(LIST, "filter", "TEXT", "only records like this: 'pid==1 && comm~^ba'",  \
		      &(o)->filters),                                                          \
		RECORD_OPTION(STRING, "sort", "[-]COLUMN,...",                                 \
			      "in this order, with a minus the largest first", &(o)->sort),    \
		RECORD_OPTION(NUMBER, "top", "N", "the first N of them, each second anew",     \
			      &(o)->top),                                                      \
		RECORD_OPTION(STRING, "count", "[by] COLUMN,...",                              \
			      "how many there are of each kind", &(o)->count),                 \
		RECORD_OPTION(STRING, "sum", "COLUMN,...", "and the sums of these columns",    \
			      &(o)->sum),                                                      \
		RECORD_OPTION(STRING, "avg", "COLUMN,...", "their averages", &(o)->avg),       \
		RECORD_OPTION(STRING, "min", "COLUMN,...", "their least values", &(o)->min),   \
		RECORD_OPTION(STRING, "max", "COLUMN,...", "their largest values", &(o)->max), \
		RECORD_OPTION(STRING, "hist", "COLUMN[:STEP[:FROM]]",                          \
			      "a histogram by powers of two, or steps", &(o)->hist),           \
		RECORD_OPTION(DURATION, "every", "SECONDS",                                    \
			      "between two rounds of what is counted", &(o)->every)

/* "--count by comm" as "--count comm", before options are parsed. The new argc. */
int record_options_join(int argc, char **argv);

/* Opens outputs as outputs_open(), which the options have their part in. NULL: one is wrong. */
struct skep_delivery *record_options_open(struct record_options *o,
					  const struct option_list *outputs,
					  struct skep_error *err);

/*
 * When all sources are there. -EINVAL: none of them has what is asked for. Of those that lack it,
 * as long as there are others, stderr tells.
 */
int record_options_check(struct record_options *o, struct skep_error *err);

/* Behind the run: on stderr, how many records were not shown. */
void record_options_report(struct record_options *o, const struct skep_delivery *delivery);

/* After the delivery has been freed. */
void record_options_free(struct record_options *o);

#endif
