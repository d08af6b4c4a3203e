/* SPDX-License-Identifier: MIT */
/*
 * Messages of OTLP 1.5 (opentelemetry/proto), in the encoding that collectors take by default. The
 * numbers of their fields are in the functions that write them.
 */
#ifndef SKEP_STREAM_NET_OTLP_MESSAGE_H
#define SKEP_STREAM_NET_OTLP_MESSAGE_H

#include "stream/net/protobuf.h"
#include "stream/sink.h"

/* What stands around the items of a request: the same in all. */
struct skep_otlp {
	struct skep_text resource, scope; /* fields 1 of ResourceLogs and of ScopeLogs */
	int severity;			  /* a SeverityNumber */
	const char *severity_text;
	bool has_body;
	struct skep_text message, scratch;
};

/* @service is service.name; 0 or -ENOMEM. */
int skep_otlp_init(struct skep_otlp *otlp, const char *service);
void skep_otlp_free(struct skep_otlp *otlp);

/* KeyValue, as the field of this number. */
void skep_otlp_attribute(struct skep_text *out, uint32_t field, const char *key, const char *value);

/* One record as an item of a request for logs: a LogRecord. */
void skep_otlp_write_record(struct skep_otlp *otlp, const struct skep_sink *sink,
			    const struct skep_source *source, const void *data, size_t len,
			    struct skep_text *items);

/* The request of these items: ExportLogsServiceRequest, or the one of metrics. */
void skep_otlp_write_request(const struct skep_otlp *otlp, const struct skep_text *items,
			     struct skep_text *request);

/*
 * What an answer of @len bytes says of items that were not taken, and why, in @why's hint. What is
 * damaged says nothing.
 */
uint64_t skep_otlp_rejected(const char *answer, size_t len, struct skep_error *why);

#endif
