/* SPDX-License-Identifier: MIT */
/*
 * Records as lines. What a line says of its call alone (name, names of arguments) is put together
 * at the first record of that call and copied from then on.
 */
#ifndef SKEP_TRACE_FORMAT_H
#define SKEP_TRACE_FORMAT_H

#include <skep/error.h>
#include <skep/text.h>

#include "tools/trace/event.h"
#include "tools/trace/table.h"

enum skep_trace_style { TRACE_TEXT, TRACE_JSON };

struct skep_trace_format;

/*
 * @clock_offset is what CLOCK_REALTIME is ahead of CLOCK_MONOTONIC, in nanoseconds. Tables are
 * those of @native (for x32, too) and @compat calls, either may be NULL.
 */
struct skep_trace_format *skep_trace_format_new(enum skep_trace_style style, int64_t clock_offset,
						const struct skep_trace_table *native,
						const struct skep_trace_table *compat,
						struct skep_error *err);
void skep_trace_format_free(struct skep_trace_format *format);

/* Appends a record's line. A record that is too short to be one is ignored. */
void skep_trace_format_write(struct skep_trace_format *format, const void *data, size_t len,
			     struct skep_text *out);

#endif
