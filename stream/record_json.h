/* SPDX-License-Identifier: MIT */
#ifndef SKEP_STREAM_RECORD_JSON_H
#define SKEP_STREAM_RECORD_JSON_H

#include "stream/sink.h"

/* A record as a JSON object, without newline; bytes of unknown type as hex. */
static inline void skep_write_record_json(const struct skep_sink *sink,
					  const struct skep_source *source, const void *data,
					  size_t len, struct skep_text *out)
{
	size_t before = out->len;

	(void)sink;
	if (source->schema)
		skep_record_write_json(source->schema, data, len, out);
	else
		skep_record_write_hex(data, len, true, out);
	if (out->len > before && out->data[out->len - 1] == '\n')
		out->len--;
}

#endif
