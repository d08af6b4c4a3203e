/* SPDX-License-Identifier: MIT */
/* Inside of skep_http: the queue, and what becomes of an answer. */
#ifndef SKEP_STREAM_NET_HTTP_QUEUE_H
#define SKEP_STREAM_NET_HTTP_QUEUE_H

#include "stream/net/curl.h"
#include "stream/net/http_client.h"

/* What is read of an answer's body and its headers; no sink has use for more. */
#define SKEP_HTTP_BODY	  (64 * 1024)
#define SKEP_HTTP_HEADERS (64 * 1024)

struct skep_http_request {
	struct skep_http_request *next;
	struct skep_text body;
	struct curl_slist *headers; /* the client's and the request's own */
	uint64_t records;
	uint64_t tries;
};

struct skep_http_answer {
	long status; /* 0: none came */
	CURLcode code;
	int64_t retry_after; /* ns; -1: nothing was said */
	struct skep_text body;
	size_t headers; /* bytes of them */
	bool is_cut;	/* the rest of the body was not read */
	char why[CURL_ERROR_SIZE];
};

struct skep_http {
	struct skep_http_opts opts;
	CURLM *multi;
	CURL *easy;
	struct curl_slist *headers;
	char host[256]; /* for messages: what is in a URL may be secret */
	struct skep_http_request *first, **last;
	uint64_t bytes, records; /* queued */
	int64_t started;	 /* CLOCK_MONOTONIC; the last try */
	int64_t not_before;	 /* when the first request is tried (again) */
	bool is_running;	 /* the first request is on its way */
	bool is_failing;	 /* the last try failed */
	struct skep_error why;	 /* the last try failed */
	struct skep_http_answer answer;
};

enum skep_http_fate { SKEP_HTTP_TAKEN, SKEP_HTTP_AGAIN, SKEP_HTTP_REFUSED };

/* What becomes of the request that was answered so, and, if it was not taken, why. */
enum skep_http_fate skep_http_judge(const struct skep_http *http, struct skep_error *why);

/* How long to wait after @tries that failed, in ns. */
int64_t skep_http_pause(const struct skep_http *http, uint64_t tries);

/* "Retry-After: 30", or with a date; @value ends with a newline or NUL. -1: it is neither. */
int64_t skep_http_retry_after(const char *value);

/* Options of the handle that do not change, and the callbacks that fill http->answer. */
int skep_http_set_up(struct skep_http *http, struct skep_error *err);

#endif
