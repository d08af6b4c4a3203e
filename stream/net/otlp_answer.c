// SPDX-License-Identifier: MIT
#include <errno.h>

#include "base/error.h"
#include "stream/net/otlp_message.h"

/* ExportLogsPartialSuccess, and that of metrics. */
static uint64_t read_partial(const uint8_t *at, const uint8_t *end, struct skep_error *why)
{
	struct skep_pb_field field;
	uint64_t rejected = 0;

	while (skep_pb_read(&at, end, &field)) {
		if (field.number == 1 && field.wire == SKEP_PB_VARINT)
			rejected = field.value <= INT64_MAX ? field.value : 0;
		if (field.number == 2 && field.wire == SKEP_PB_BYTES && field.len)
			skep_error_add_hint(why, "it says: %.*s",
					    (int)(field.len < 300 ? field.len : 300),
					    (const char *)field.data);
	}
	return rejected;
}

uint64_t skep_otlp_rejected(const char *answer, size_t len, struct skep_error *why)
{
	const uint8_t *at = (const uint8_t *)answer, *end = at + len;
	struct skep_pb_field field;
	uint64_t rejected = 0;

	skep_error_set(why, SKEP_STAGE_DELIVER, EPROTO, "the collector rejected some of a request");
	while (skep_pb_read(&at, end, &field))
		if (field.number == 1 && field.wire == SKEP_PB_BYTES)
			rejected = read_partial(field.data, field.data + field.len, why);
	return rejected;
}
