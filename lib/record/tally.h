/* SPDX-License-Identifier: MIT */
/* Groups of records, and what is computed of their columns. */
#ifndef SKEP_RECORD_TALLY_H
#define SKEP_RECORD_TALLY_H

#include "base/hash.h"
#include "record/order.h"

enum skep_tally_kind {
	SKEP_TALLY_SUM,
	SKEP_TALLY_AVG,
	SKEP_TALLY_MIN,
	SKEP_TALLY_MAX,
	SKEP_TALLY_COUNT,
	SKEP_TALLY_COLUMN, /* of `by` */
};

/* What a line shows, and what lines are ordered by. */
struct skep_tally_cell {
	enum skep_tally_kind kind;
	size_t column;
	size_t sums; /* the group's that it is of */
	const char *name;
	bool is_descending;
};

/* Numbers of one column; whole ones exactly. */
struct skep_tally_sums {
	uint64_t n; /* of records that have the column */
	bool is_double;
	union {
		struct {
			__int128 sum, min, max;
		} whole;
		struct {
			double sum, min, max;
		} real;
	};
};

struct skep_tally_group {
	uint64_t n;
	size_t len;
	const uint8_t *record; /* the first one */
	struct skep_tally_sums *sums;
};

struct skep_tally {
	const struct skep_schema *schema;
	struct skep_arena names; /* of cells */
	struct skep_arena arena; /* of groups */
	struct skep_vec(struct skep_tally_cell) cells;
	struct skep_vec(struct skep_tally_cell) keys;
	struct skep_vec(struct skep_tally_group) groups;
	struct skep_vec(uint32_t) order; /* of groups, as they are written */
	struct skep_vec(size_t) summed;	 /* columns */
	struct skep_hash index;
	struct skep_text key, scratch;
	struct skep_tally_group others;
	size_t n_by; /* cells of `by` stand first */
	size_t most, bytes;
};

/* Groups in their order: tally->order. False: there is no memory. */
bool skep_tally_sort(struct skep_tally *tally);

/* A cell of a group, in columns or as JSON has it. */
void skep_tally_write_cell(const struct skep_tally *tally, const struct skep_tally_cell *cell,
			   const struct skep_tally_group *group, bool is_json,
			   struct skep_text *out);

#endif
