/* SPDX-License-Identifier: MIT */
/* What sinks that post to a URL have in common: their settings, and records put together. */
#ifndef SKEP_STREAM_NET_HTTP_SINK_H
#define SKEP_STREAM_NET_HTTP_SINK_H

#include "stream/net/http_client.h"

/* The end of a type's options. */
#define SKEP_HTTP_OPTIONS                                                                  \
	{ "batch", "N", "records of one request at most (1000)" },                         \
		{ "every", "DURATION", "records wait no longer for others (1s)" },         \
		{ "header", "NAME:VALUE", "one more header; may be given several times" }, \
		{ "token_file", "FILE", "its first line authorizes requests (Bearer)" },   \
		{ "ca", "FILE", "certificates that the server's is checked with" },        \
		{ "queue", "SIZE", "what waits for the server at most (16M)" },            \
		{ "timeout", "DURATION", "of one request (10s)" },                         \
		{ "retries", "N", "of one request, with growing pauses (5)" },             \
	{                                                                                  \
		NULL                                                                       \
	}

/* Records as the items of one body. */
struct skep_http_batch {
	struct skep_text items;
	uint64_t records;
	int64_t since; /* the first came; CLOCK_MONOTONIC */
};

struct skep_http_limits {
	uint64_t batch;
	int64_t every;
};

/* What differs between the types. */
struct skep_http_kind {
	const char *path; /* behind the URL; NULL: nothing */
	const char *content_type, *accept;
	const char *token_variable; /* of the environment, used without token_file */
	skep_http_answered_fn answered;
	void *ctx;
};

/* Reads the settings and opens the client; @url may be "@FILE", whose first line is the URL. */
struct skep_http *skep_http_open_sink(struct skep_sink *sink, const char *url,
				      const struct skep_http_kind *kind,
				      struct skep_http_limits *limits, struct skep_error *err);

/*
 * Counts an item that was written behind @before bytes of the batch. EMSGSIZE, ENOMEM: it is taken
 * back.
 */
int skep_http_batch_add(struct skep_http_batch *batch, size_t before, struct skep_error *err);

/* True if it is to be sent: it is full, or its first record has waited enough. */
bool skep_http_batch_is_due(const struct skep_http_batch *batch,
			    const struct skep_http_limits *limits);

#endif
