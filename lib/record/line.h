/* SPDX-License-Identifier: MIT */
/*
 * Lines as flat lists of cells: a literal, then a value. One list is for JSON, whose literals have
 * the members' names and the braces around them; one is for text, CSV and logfmt.
 */
#ifndef SKEP_RECORD_LINE_H
#define SKEP_RECORD_LINE_H

#include <skep/view.h>

#include "record/plan.h"

/* Strings up to this long are in the room of the line. */
#define SKEP_SHORT_STRING 256

/* How a value is written: the common kinds at once, in room that the whole line has asked for. */
enum skep_cell_way {
	SKEP_CELL_GENERAL, /* by skep_node_write() */
	SKEP_CELL_UNSIGNED,
	SKEP_CELL_SIGNED,
	SKEP_CELL_STRING,
};

struct skep_cell {
	const char *prefix; /* SKEP_PUT_SLACK bytes may be read behind it */
	uint32_t prefix_len;
	uint32_t node;
	uint16_t width;
	uint8_t way; /* enum skep_cell_way */
	bool is_right;
};

struct skep_line {
	struct skep_vec(struct skep_cell) cells;
	struct skep_cell end; /* what stands behind the last value of JSON */
	size_t room;	      /* that all cells take at most, but for values in the general way */
};

struct skep_shown {
	uint32_t column;
	uint16_t width; /* 0: the column's own */
};

struct skep_view {
	const struct skep_schema *schema;
	struct skep_arena arena; /* prefixes */
	struct skep_vec(struct skep_shown) columns;
	struct skep_line json, flat;
};

/* The lines of a view whose columns are chosen; @is_whole: JSON has all members, nested. */
int skep_view_compile(struct skep_view *view, bool is_whole);

/* The view of all columns. NULL: no memory. */
struct skep_view *skep_view_whole(const struct skep_schema *schema);

/* JSON, with or without the line's end. */
void skep_line_write_json(const struct skep_view *view, const void *data, size_t len, bool with_end,
			  struct skep_text *out);

/* A value in the general way, as a form has it. */
void skep_cell_write(const struct skep_node *nodes, uint32_t i, const uint8_t *data, size_t len,
		     enum skep_form form, struct skep_text *out);

/* A string that is not plain, or is empty. */
void skep_cell_string(const char *s, size_t len, enum skep_form form, struct skep_text *out);

#endif
