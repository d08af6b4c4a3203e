// SPDX-License-Identifier: MIT
/* Any bytes as what servers answer to outputs. */
#include "fuzz/fuzz.h"
#include "stream/net/nats_answer.h"
#include "stream/net/otlp_message.h"

static size_t fields(const uint8_t *at, const uint8_t *end)
{
	struct skep_pb_field field;
	size_t n = 0;

	for (const uint8_t *before = at; skep_pb_read(&at, end, &field); before = at, n++) {
		FUZZ_ASSERT(at > before && at <= end);
		FUZZ_ASSERT(!field.len || (field.data > before && field.data + field.len <= end));
	}
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct skep_error why = { 0 };

	FUZZ_ASSERT(fields(data, data + len) <= len);
	FUZZ_ASSERT(skep_otlp_rejected((const char *)data, len, &why) <= INT64_MAX);
	FUZZ_ASSERT(skep_nats_read_answer((const char *)data, len, &why) <= SKEP_NATS_REFUSED);
	return 0;
}
