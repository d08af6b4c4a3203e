/* SPDX-License-Identifier: MIT */
/* A record in the form that a sink's messages have. */
#ifndef SKEP_STREAM_RECORD_FORM_H
#define SKEP_STREAM_RECORD_FORM_H

#include <skep/view.h>

#include "stream/sink.h"

/* The chosen columns, or all. NULL: bytes of unknown type. */
static inline const struct skep_view *skep_source_view(const struct skep_source *source)
{
	if (!source->schema)
		return NULL;
	return source->view ? source->view : skep_schema_view(source->schema);
}

/*
 * One record, without a line's end. Bytes of unknown type are hex, in JSON {"bytes":"0a1b"}; lines
 * of text are themselves, in JSON {"text":"..."}.
 */
void skep_write_record(const struct skep_source *source, enum skep_form form, const void *data,
		       size_t len, struct skep_text *out);

/*
 * When the record was made, in ns since 1970: its first column that is a time; where it has none,
 * when it was received.
 */
int64_t skep_record_time(const struct skep_sink *sink, const struct skep_source *source,
			 const void *data, size_t len);

#endif
