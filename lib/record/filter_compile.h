/* SPDX-License-Identifier: MIT */
/* What the parts of the filter's compiler share. */
#ifndef SKEP_RECORD_FILTER_COMPILE_H
#define SKEP_RECORD_FILTER_COMPILE_H

#include "record/filter.h"

#define SKEP_FILTER_MOST_TEXT	 4096
#define SKEP_FILTER_MOST_TESTS	 1000
#define SKEP_FILTER_MOST_LEVELS	 64
#define SKEP_FILTER_MOST_PATTERN 256

struct skep_filter_compiler {
	struct skep_filter *filter;
	const struct skep_schema *schema;
	const char *begin, *at; /* the text, and where reading it has come to */
	struct skep_error *err;
	unsigned int levels; /* of parentheses that are open */
};

/*
 * Places in tests from where a jump leads to somewhere that is not known yet: the field of each
 * has the next place. 0: none.
 */
struct skep_filter_jumps {
	uint32_t yes, no;
};

/* What comparisons are made with: a member of the record, or an element. */
struct skep_filter_member {
	struct skep_node node;	      /* with the offset from the record's start */
	struct skep_filter_test test; /* all but what it is compared with */
	const char *at;		      /* its name */
	size_t len;
};

enum skep_filter_operator {
	SKEP_FILTER_ORDERED, /* enum skep_filter_order says how */
	SKEP_FILTER_MATCHED,
	SKEP_FILTER_MASKED,
	SKEP_FILTER_LISTED,
	SKEP_FILTER_ALONE,
};

struct skep_filter_comparison {
	enum skep_filter_operator kind;
	enum skep_filter_order order;
	bool is_negated; /* !~, not in */
	const char *at;
};

/* An error at @at; returns -@code. */
int skep_filter_refuse(const struct skep_filter_compiler *c, const char *at, int code,
		       const char *hint, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* filter_parse.c: the whole text. */
int skep_filter_parse(struct skep_filter_compiler *c);

/* filter_scan.c: each steps over blanks first, and over what it has found. */
void skep_filter_skip(struct skep_filter_compiler *c);
bool skep_filter_take(struct skep_filter_compiler *c, const char *sign);
bool skep_filter_take_word(struct skep_filter_compiler *c, const char *word);
int skep_filter_take_comparison(struct skep_filter_compiler *c,
				struct skep_filter_comparison *comparison);

/* A value, or (@is_pattern) a pattern; without quotes and escapes. */
int skep_filter_take_value(struct skep_filter_compiler *c, bool is_pattern, struct skep_text *value,
			   bool *is_quoted);

/* filter_member.c */
int skep_filter_take_member(struct skep_filter_compiler *c, struct skep_filter_member *member);

/* filter_value.c: the tests of a comparison whose operator has been read. */
int skep_filter_add_comparison(struct skep_filter_compiler *c,
			       const struct skep_filter_member *member,
			       const struct skep_filter_comparison *comparison,
			       struct skep_filter_jumps *jumps);

/* One value as the lowest and the highest number that it stands for. */
struct skep_filter_range {
	skep_u128 low, high;
};

#define SKEP_FILTER_MOST_RANGES 2

/*
 * filter_literal.c: reads @value, which stands at @at, as a number of a member. Returns how many
 * ranges it is: 1, or 2 for an error's name; -errno.
 */
int skep_filter_read_number(const struct skep_filter_compiler *c,
			    const struct skep_filter_member *member, const char *at,
			    const struct skep_text *value, bool is_quoted,
			    struct skep_filter_range ranges[SKEP_FILTER_MOST_RANGES]);

/* filter_range.c: a number's comparison as a test. */
int skep_filter_add_range(struct skep_filter_compiler *c, const struct skep_filter_member *m,
			  enum skep_filter_order order, const struct skep_filter_range *range,
			  const char *at, struct skep_filter_jumps *jumps);

/* One more of those of which one is enough; or (@is_negated) all, as they say what is not. */
int skep_filter_add_more(struct skep_filter_compiler *c, const struct skep_filter_member *m,
			 bool is_negated, const struct skep_filter_range *range, const char *at,
			 struct skep_filter_jumps *jumps);

/* The value's bytes as the member has them, of which there are at most 16; for numbers. */
int skep_filter_read_bytes(const struct skep_filter_compiler *c,
			   const struct skep_filter_member *member, const char *at,
			   const struct skep_text *value, bool is_bare, uint8_t *bytes,
			   size_t size);

/* filter_network.c: "10.0.0.0/8". 1: it is none. */
int skep_filter_read_network(const struct skep_filter_compiler *c,
			     const struct skep_filter_member *member, const char *at,
			     const struct skep_text *value, struct skep_filter_range *range);

/* filter_pattern.c: what matches a pattern, as a test of text. */
int skep_filter_compile_pattern(struct skep_filter_compiler *c, const char *at,
				const struct skep_text *pattern, struct skep_filter_test *test);

/* Whether @text has a match; for names while compiling. */
bool skep_filter_test_text(const struct skep_filter_test *test, const char *text, size_t len);

/* One test more, whose jumps are open; -ENOMEM, or -E2BIG if there are too many. */
int skep_filter_add_test(struct skep_filter_compiler *c, const struct skep_filter_test *test,
			 const char *at, struct skep_filter_jumps *jumps);

/* @more, which was compiled behind @jumps, is tried if @jumps are true, or if they are not. */
void skep_filter_join_and(struct skep_filter_compiler *c, struct skep_filter_jumps *jumps,
			  struct skep_filter_jumps more, size_t more_begins);
void skep_filter_join_or(struct skep_filter_compiler *c, struct skep_filter_jumps *jumps,
			 struct skep_filter_jumps more, size_t more_begins);

#endif
