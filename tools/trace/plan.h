/* SPDX-License-Identifier: MIT */
/* What the two styles share: a call's constant pieces, and its arguments as values. */
#ifndef SKEP_TRACE_PLAN_H
#define SKEP_TRACE_PLAN_H

#include "tools/trace/format.h"

struct skep_trace_plan_piece {
	uint32_t at, len; /* in the plan's text */
};

/* How a call is written. */
struct skep_trace_plan {
	char *text;
	struct skep_trace_plan_piece head;		   /* up to the first argument */
	struct skep_trace_plan_piece labels[TRACE_N_ARGS]; /* what stands before each argument */
	enum skep_trace_arg_kind kinds[TRACE_N_ARGS];
	int n_args;
	int bits;
	bool returns_address;
};

struct skep_trace_format {
	enum skep_trace_style style;
	int64_t clock_offset;
	const struct skep_trace_table *tables[2];
	struct skep_trace_plan *plans[2][TRACE_N_RULES];
	struct skep_trace_plan stranger; /* of the last call that no table has */
	uint64_t second;		 /* the one that second_text is of */
	char second_text[24];
	size_t second_len;
};

/* A string of a record. */
struct skep_trace_string {
	const char *data; /* NULL: not read */
	size_t len;
	bool cut; /* it goes on */
};

/* NULL when there is no memory. */
const struct skep_trace_plan *skep_trace_plan_of(struct skep_trace_format *format,
						 const struct skep_trace_event *e);
void skep_trace_plan_free(struct skep_trace_plan *plan);

static inline void skep_trace_plan_write(const struct skep_trace_plan *plan,
					 struct skep_trace_plan_piece piece, struct skep_text *out)
{
	skep_text_bytes(out, plan->text + piece.at, piece.len);
}

/* Finds the strings of a record of @len bytes. */
void skep_trace_strings_find(const struct skep_trace_event *e, size_t len,
			     struct skep_trace_string strings[TRACE_N_ARGS]);

/* An argument as the number that its kind makes of the register. */
int64_t skep_trace_arg_signed(enum skep_trace_arg_kind kind, int bits, uint64_t value);
uint64_t skep_trace_arg_unsigned(enum skep_trace_arg_kind kind, int bits, uint64_t value);
bool skep_trace_arg_is_signed(enum skep_trace_arg_kind kind);

/* The name and the meaning of a result that is an error, also of the kernel's own restarts. */
const char *skep_trace_error_name(int64_t result);
const char *skep_trace_error_text(int64_t result);
static inline bool skep_trace_result_is_error(int64_t result)
{
	return result < 0 && result >= -4095;
}

/* Nine digits, for what stands after a second's point. */
void skep_trace_write_nanoseconds(struct skep_text *out, uint32_t ns);

void skep_trace_write_text(struct skep_trace_format *format, const struct skep_trace_plan *plan,
			   const struct skep_trace_event *e,
			   const struct skep_trace_string *strings, struct skep_text *out);
void skep_trace_write_json(struct skep_trace_format *format, const struct skep_trace_plan *plan,
			   const struct skep_trace_event *e,
			   const struct skep_trace_string *strings, struct skep_text *out);

#endif
