/* SPDX-License-Identifier: MIT */
/*
 * Bodies that are posted to one URL, one after the other, in order. They wait in a queue that is
 * bounded; what a server refuses, or cannot be brought to take, is lost and counted at the sink.
 *
 * Requests are driven by the calls made here, in the sink's thread; none of them waits for a server
 * that does not answer, except for room in the queue of one that does.
 */
#ifndef SKEP_STREAM_NET_HTTP_CLIENT_H
#define SKEP_STREAM_NET_HTTP_CLIENT_H

#include <skep/text.h>

#include "stream/sink.h"

struct skep_http;

/* A request that was answered with 2xx: its body, as far as it is kept. */
typedef void (*skep_http_answered_fn)(void *ctx, const char *body, size_t len, uint64_t records);

struct skep_http_opts {
	struct skep_sink *sink; /* whose losses are counted */
	const char *url;
	const char *content_type;
	const char *accept; /* NULL: anything */
	const char *token;  /* of Bearer authorization; NULL: none */
	const char *ca;	    /* a file of certificates; NULL: those of the system */
	char **headers;	    /* "Name: value"; they are copied */
	size_t n_headers;
	uint64_t queue;			/* bytes that may wait */
	int64_t timeout;		/* ns, of one request */
	uint64_t retries;		/* of one request */
	skep_http_answered_fn answered; /* or NULL */
	void *ctx;
};

/* EINVAL: it is no URL of HTTP, or one with a password in it. Nothing is connected yet. */
struct skep_http *skep_http_open(const struct skep_http_opts *opts, struct skep_error *err);

/*
 * Queues a body, whose text is taken over, with one more header ("" and NULL: none). If there is no
 * room it waits while the server takes what is queued, for a request's time; else it is lost.
 */
void skep_http_post(struct skep_http *http, struct skep_text *body, uint64_t records,
		    const char *header);

/* Bytes that are queued. */
uint64_t skep_http_queued(const struct skep_http *http);

/* Why the last request that failed did; that there was too little time if none has. */
void skep_http_last_failure(const struct skep_http *http, struct skep_error *why);

/* Lets requests go on. */
void skep_http_drive(struct skep_http *http);

/* At the end: sends what is queued until skep_http_deadline(); the rest is lost. */
void skep_http_finish(struct skep_http *http, int64_t deadline);
int64_t skep_http_deadline(void);

/* NULL is fine. */
void skep_http_close(struct skep_http *http);

#endif
