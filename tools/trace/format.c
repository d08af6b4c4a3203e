// SPDX-License-Identifier: MIT
#include "tools/trace/format.h"

#include <stdlib.h>

#include "base/error.h"
#include "tools/trace/plan.h"

struct skep_trace_format *skep_trace_format_new(enum skep_trace_style style, int64_t clock_offset,
						const struct skep_trace_table *native,
						const struct skep_trace_table *compat,
						struct skep_error *err)
{
	struct skep_trace_format *format = calloc(1, sizeof(*format));

	if (!format) {
		skep_error_nomem(err, SKEP_STAGE_DELIVER);
		return NULL;
	}
	format->style = style;
	format->clock_offset = clock_offset;
	format->tables[0] = native;
	format->tables[1] = compat;
	format->second = UINT64_MAX;
	return format;
}

void skep_trace_format_free(struct skep_trace_format *format)
{
	if (!format)
		return;
	for (int i = 0; i < 2; i++) {
		for (int nr = 0; nr < TRACE_N_RULES; nr++) {
			skep_trace_plan_free(format->plans[i][nr]);
			free(format->plans[i][nr]);
		}
	}
	skep_trace_plan_free(&format->stranger);
	free(format);
}

void skep_trace_format_write(struct skep_trace_format *format, const void *data, size_t len,
			     struct skep_text *out)
{
	const struct skep_trace_event *e = data;
	struct skep_trace_string strings[TRACE_N_ARGS];
	const struct skep_trace_plan *plan;

	if (len < TRACE_EVENT_HEAD)
		return;
	plan = skep_trace_plan_of(format, e);
	if (!plan) {
		out->failed = true;
		return;
	}
	if (e->strings)
		skep_trace_strings_find(e, len, strings);
	if (format->style == TRACE_JSON)
		skep_trace_write_json(format, plan, e, strings, out);
	else
		skep_trace_write_text(format, plan, e, strings, out);
}
