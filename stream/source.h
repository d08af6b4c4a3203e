/* SPDX-License-Identifier: MIT */
/* Where records come from, as far as who gets them must know it: what they are called and how they
 * read. */
#ifndef SKEP_STREAM_SOURCE_H
#define SKEP_STREAM_SOURCE_H

#include <stdbool.h>
#include <skep/filter.h>
#include <skep/record.h>
#include <skep/view.h>

struct skep_source {
	const char *name;		  /* of the map or the tool's stream: "events" */
	const struct skep_schema *schema; /* NULL: bytes of unknown type */
	const struct skep_view *view;	  /* chosen columns; NULL: all that are not hidden */
	const struct skep_filter *const *filters; /* which records are wanted: what all let pass */
	size_t n_filters;
	bool is_unwanted; /* none of its records is: it lacks what a filter asks for */
	bool is_text;	  /* lines for people, as an iterator's; then no schema */
	uint32_t index;	  /* among the sources of one bus, from 0 */
	/*
	 * Writes a record in another way than by its columns, as whole lines: histograms as tables,
	 * stacks with a line a frame. False: in this form it has none. Any sink's thread calls it.
	 * NULL: there is none in any form.
	 */
	bool (*write)(const void *ctx, enum skep_form form, const void *data, size_t len,
		      struct skep_text *out);
	const void *write_ctx;
};

#endif
