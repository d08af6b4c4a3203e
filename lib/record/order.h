/* SPDX-License-Identifier: MIT */
/* Names of columns as people list them, and how two records compare. */
#ifndef SKEP_RECORD_ORDER_H
#define SKEP_RECORD_ORDER_H

#include <skep/tally.h>

#include "record/plan.h"

#define SKEP_MOST_KEYS 16

/* One name of a list. */
struct skep_listed {
	const char *name;
	size_t len;
	bool is_descending; /* a minus stands in front */
};

/* The next name of "-ret,comm"; false at the end. An empty one has no length. */
bool skep_list_next(const char **list, struct skep_listed *listed);

/* Its column, or -errno and what there is instead. */
int skep_list_column(const struct skep_schema *schema, const struct skep_listed *listed,
		     struct skep_error *err);

/* The values of one column in two records, as memcmp(3). @scratch has texts for the time. */
int skep_column_compare(const struct skep_schema *schema, size_t column, const void *a,
			size_t a_len, const void *b, size_t b_len, struct skep_text *scratch);

#endif
