// SPDX-License-Identifier: MIT
#include "stream/net/http_queue.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"

#define MS	    1000000ll
#define MAX_RECORDS (1 << 20)
#define LAST	    (3000 * MS) /* for what is queued at the end */
#define SOON	    (50 * MS)	/* servers that answer within it are waited for */

static int64_t now(void)
{
	return skep_clock_now(CLOCK_MONOTONIC);
}

SKEP_DEFINE_SCOPED(http, struct skep_http, skep_http_close)

/* The URL's host for messages. What is secret does not belong into what `ps` shows. */
static int check_url(struct skep_http *http, struct skep_error *err)
{
	char *scheme = NULL, *host = NULL, *port = NULL, *user = NULL, *password = NULL;
	CURLU *url = skep_curl.url();
	int ret = 0;

	if (!url)
		return skep_error_nomem(err, SKEP_STAGE_USAGE);
	if (skep_curl.url_set(url, CURLUPART_URL, http->opts.url, 0) ||
	    skep_curl.url_get(url, CURLUPART_HOST, &host, 0) ||
	    skep_curl.url_get(url, CURLUPART_SCHEME, &scheme, 0) ||
	    (strcmp(scheme, "http") && strcmp(scheme, "https"))) {
		ret = skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "it is no URL of HTTP");
		skep_error_add_hint(err, "give one such as https://host:port/path");
	}
	skep_curl.url_get(url, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT);
	skep_curl.url_get(url, CURLUPART_USER, &user, 0);
	skep_curl.url_get(url, CURLUPART_PASSWORD, &password, 0);
	if (user || password) {
		ret = skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				     "a password does not belong on a command line");
		skep_error_add_hint(err, "give a token by token_file=FILE");
	}
	snprintf(http->host, sizeof(http->host), "%s:%s", host ?: "", port ?: "");
	skep_curl.free(scheme);
	skep_curl.free(host);
	skep_curl.free(port);
	skep_curl.free(user);
	skep_curl.free(password);
	skep_curl.url_cleanup(url);
	return ret;
}

static int add_header(struct curl_slist **list, const char *name, const char *value,
		      struct skep_error *err)
{
	SKEP_SCOPED(skep_text_free) struct skep_text line = { 0 };
	struct curl_slist *longer;

	skep_text_str(&line, name);
	skep_text_str(&line, value ?: "");
	longer = skep_curl.slist_append(*list, skep_text_string(&line));
	if (!longer || line.failed)
		return skep_error_nomem(err, SKEP_STAGE_USAGE);
	*list = longer;
	return 0;
}

static int add_headers(struct skep_http *http, struct skep_error *err)
{
	const struct skep_http_opts *o = &http->opts;
	int ret = add_header(&http->headers, "Content-Type: ", o->content_type, err);

	/* Without it the first large body waits a second for servers that do not know it. */
	ret = ret ?: add_header(&http->headers, "Expect:", NULL, err);
	if (o->accept)
		ret = ret ?: add_header(&http->headers, "Accept: ", o->accept, err);
	if (o->token)
		ret = ret ?: add_header(&http->headers, "Authorization: Bearer ", o->token, err);
	for (size_t i = 0; i < o->n_headers; i++)
		ret = ret ?: add_header(&http->headers, o->headers[i], NULL, err);
	return ret;
}

struct skep_http *skep_http_open(const struct skep_http_opts *opts, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_http) struct skep_http *http = NULL;

	if (skep_curl_load(err))
		return NULL;
	http = calloc(1, sizeof(*http));
	if (http) {
		http->opts = *opts;
		http->last = &http->first;
		http->multi = skep_curl.multi_init();
		http->easy = skep_curl.easy_init();
	}
	if (!http || !http->multi || !http->easy) {
		skep_error_nomem(err, SKEP_STAGE_USAGE);
		return NULL;
	}
	if (check_url(http, err) || add_headers(http, err) || skep_http_set_up(http, err))
		return NULL;
	/* What the caller's strings were is with libcurl now. */
	http->opts.url = http->opts.token = http->opts.ca = NULL;
	http->opts.headers = NULL;
	return SKEP_TAKE(http);
}

static void free_request(struct skep_http_request *request)
{
	skep_text_free(&request->body);
	skep_curl.slist_free_all(request->headers);
	free(request);
}

static void drop_first(struct skep_http *http)
{
	struct skep_http_request *request = http->first;

	http->first = request->next;
	if (!http->first)
		http->last = &http->first;
	http->bytes -= request->body.len;
	http->records -= request->records;
	free_request(request);
}

static void start(struct skep_http *http)
{
	struct skep_http_request *request = http->first;

	skep_text_reset(&http->answer.body);
	http->answer.retry_after = -1;
	http->answer.headers = 0;
	http->answer.is_cut = false;
	http->answer.why[0] = '\0';
	http->started = now();
	skep_curl.easy_setopt(http->easy, CURLOPT_POST, 1L);
	skep_curl.easy_setopt(http->easy, CURLOPT_POSTFIELDS, request->body.data ?: "");
	skep_curl.easy_setopt(http->easy, CURLOPT_POSTFIELDSIZE_LARGE,
			      (curl_off_t)request->body.len);
	skep_curl.easy_setopt(http->easy, CURLOPT_HTTPHEADER, request->headers);
	http->is_running = !skep_curl.multi_add_handle(http->multi, http->easy);
}

/* After a try of the first request. */
static void conclude(struct skep_http *http, CURLcode code)
{
	struct skep_http_request *request = http->first;
	struct skep_error *why = &http->why;
	enum skep_http_fate fate;

	http->answer.code = code;
	skep_curl.easy_getinfo(http->easy, CURLINFO_RESPONSE_CODE, &http->answer.status);
	skep_curl.multi_remove_handle(http->multi, http->easy);
	http->is_running = false;
	*why = (struct skep_error){ 0 };
	fate = skep_http_judge(http, why);
	http->is_failing = fate == SKEP_HTTP_AGAIN;
	if (fate == SKEP_HTTP_AGAIN)
		http->not_before = now() + skep_http_pause(http, request->tries);
	if (fate == SKEP_HTTP_AGAIN && ++request->tries <= http->opts.retries)
		return;
	if (fate != SKEP_HTTP_TAKEN)
		skep_sink_lose(http->opts.sink, request->records, why);
	else if (http->opts.answered)
		http->opts.answered(http->opts.ctx, http->answer.body.data ?: "",
				    http->answer.body.len, request->records);
	drop_first(http);
}

/* Goes on for at most @wait ms, and for less if something has happened. */
static void drive(struct skep_http *http, int wait)
{
	struct CURLMsg *message;
	int running, left;

	if (!http->is_running && http->first && now() >= http->not_before)
		start(http);
	if (!http->is_running) {
		if (wait && http->first)
			skep_curl.multi_poll(http->multi, NULL, 0, wait, NULL);
		return;
	}
	skep_curl.multi_perform(http->multi, &running);
	if (wait && running)
		skep_curl.multi_poll(http->multi, NULL, 0, wait, NULL);
	while ((message = skep_curl.multi_info_read(http->multi, &left)))
		if (message->msg == CURLMSG_DONE)
			conclude(http, message->data.result);
}

void skep_http_drive(struct skep_http *http)
{
	struct skep_http_request *before;
	int64_t left;

	do {
		before = http->first;
		left = http->is_running ? http->started + SOON - now() : 0;
		drive(http, left > 0 ? (int)(left / MS) : 0);
	} while (http->first != before || (http->is_running && now() < http->started + SOON));
}

static bool is_ending(const struct skep_http *http)
{
	return __atomic_load_n(&http->opts.sink->is_ending, __ATOMIC_RELAXED);
}

static bool is_full(const struct skep_http *http, size_t len, uint64_t records)
{
	return http->bytes + len > http->opts.queue || http->records + records > MAX_RECORDS;
}

static int put(struct skep_http *http, struct skep_text *body, uint64_t records, const char *header)
{
	struct skep_http_request *request = calloc(1, sizeof(*request));
	int ret = request ? 0 : -ENOMEM;

	for (struct curl_slist *h = http->headers; h && !ret; h = h->next)
		ret = add_header(&request->headers, h->data, NULL, NULL);
	if (!ret && header && header[0])
		ret = add_header(&request->headers, header, NULL, NULL);
	if (ret) {
		if (request)
			free_request(request);
		return ret;
	}
	request->body = *body;
	*body = (struct skep_text){ 0 };
	request->records = records;
	*http->last = request;
	http->last = &request->next;
	http->bytes += request->body.len;
	http->records += records;
	return 0;
}

/* What the server said last, if it does not take anything; else that there was too little time. */
static struct skep_error not_taken(const struct skep_http *http, int code, const char *words)
{
	struct skep_error why = http->is_failing ? http->why : (struct skep_error){ 0 };

	if (!why.code) {
		skep_error_set(&why, SKEP_STAGE_DELIVER, code, "%s", words);
		skep_error_add_object(&why, "%s", http->host);
	}
	return why;
}

void skep_http_post(struct skep_http *http, struct skep_text *body, uint64_t records,
		    const char *header)
{
	int64_t deadline = now() + http->opts.timeout;
	struct skep_error why = { 0 };

	skep_http_drive(http);
	while (is_full(http, body->len, records) && http->first && !http->is_failing &&
	       !is_ending(http) && now() < deadline)
		drive(http, 100);
	if (is_full(http, body->len, records)) {
		why = not_taken(http, ENOBUFS, "the queue is full, the server is too slow");
	} else if (body->failed || put(http, body, records, header)) {
		skep_error_nomem(&why, SKEP_STAGE_DELIVER);
	}
	if (why.code)
		skep_sink_lose(http->opts.sink, records, &why);
	skep_text_reset(body);
	skep_http_drive(http);
}

uint64_t skep_http_queued(const struct skep_http *http)
{
	return http->bytes;
}

void skep_http_last_failure(const struct skep_http *http, struct skep_error *why)
{
	*why = http->why.code ? http->why :
				not_taken(http, ETIMEDOUT, "the server has not answered");
}

int64_t skep_http_deadline(void)
{
	return now() + LAST;
}

void skep_http_finish(struct skep_http *http, int64_t deadline)
{
	struct skep_error why;

	/* A server that has just come back is worth one more try. */
	http->not_before = 0;
	while (http->first && now() < deadline)
		drive(http, 50);
	if (!http->first)
		return;
	why = not_taken(http, ETIMEDOUT, "the run ended before the server had taken it");
	while (http->first) {
		if (http->is_running)
			skep_curl.multi_remove_handle(http->multi, http->easy);
		http->is_running = false;
		skep_sink_lose(http->opts.sink, http->first->records, &why);
		drop_first(http);
	}
}

void skep_http_close(struct skep_http *http)
{
	if (!http)
		return;
	if (http->is_running)
		skep_curl.multi_remove_handle(http->multi, http->easy);
	while (http->first)
		drop_first(http);
	skep_curl.easy_cleanup(http->easy);
	skep_curl.multi_cleanup(http->multi);
	skep_curl.slist_free_all(http->headers);
	skep_text_free(&http->answer.body);
	free(http);
}
