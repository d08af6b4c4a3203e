/* SPDX-License-Identifier: MIT */
/* The columns that a sink is to send, each with its name and value. */
#ifndef SKEP_STREAM_NET_COLUMNS_H
#define SKEP_STREAM_NET_COLUMNS_H

#include "stream/record_form.h"

typedef void (*skep_column_fn)(void *ctx, const char *name, const struct skep_value *value);

/* Calls @fn for each column that is there; text is valid during the call. */
static inline void skep_each_column(const struct skep_source *source, const void *data, size_t len,
				    struct skep_text *scratch, skep_column_fn fn, void *ctx)
{
	const struct skep_view *view = skep_source_view(source);
	size_t n = view ? skep_view_n_columns(view) : 0;
	struct skep_value value;

	for (size_t i = 0; i < n; i++) {
		int column = skep_view_column(view, i);

		skep_text_reset(scratch);
		skep_record_value(source->schema, (size_t)column, data, len, scratch, &value);
		if (value.kind != SKEP_VALUE_NONE)
			fn(ctx, skep_schema_column(source->schema, (size_t)column), &value);
	}
}

/* A value as bare text. */
static inline void skep_write_bare(const struct skep_value *value, struct skep_text *out)
{
	switch (value->kind) {
	case SKEP_VALUE_UNSIGNED:
		skep_text_u64(out, value->u);
		break;
	case SKEP_VALUE_SIGNED:
		skep_text_i64(out, value->i);
		break;
	case SKEP_VALUE_DOUBLE:
		skep_text_printf(out, "%.17g", value->d);
		break;
	case SKEP_VALUE_BOOL:
		skep_text_str(out, value->b ? "true" : "false");
		break;
	case SKEP_VALUE_TEXT:
		skep_text_bytes(out, value->text.data, value->text.len);
		break;
	default:
		break;
	}
}

#endif
