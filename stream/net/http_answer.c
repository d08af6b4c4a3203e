// SPDX-License-Identifier: MIT
/* What servers answer: everything in it is bounded, and none of it is believed. */
#include "stream/net/http_queue.h"

#include <errno.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/error.h"

#define SECOND	  1000000000ll
#define FIRST	  (SECOND / 4)
#define LONGEST	  (30 * SECOND)
#define RETRY_MAX (300 * SECOND)

static size_t take_body(char *data, size_t size, size_t n, void *ctx)
{
	struct skep_http_answer *answer = ctx;
	size_t room = SKEP_HTTP_BODY - answer->body.len;

	n *= size;
	skep_text_bytes(&answer->body, data, n < room ? n : room);
	if (n <= room)
		return n;
	answer->is_cut = true;
	return 0;
}

int64_t skep_http_retry_after(const char *value)
{
	char *end;
	long long seconds;
	time_t date;

	value += strspn(value, " \t");
	seconds = strtoll(value, &end, 10);
	if (end != value && strspn(end, " \t\r\n") == strlen(end)) {
		if (seconds < 0)
			return -1;
		return seconds < RETRY_MAX / SECOND ? seconds * SECOND : RETRY_MAX;
	}
	date = skep_curl.getdate(value, NULL);
	if (date < 0)
		return -1;
	seconds = (long long)date - skep_clock_now(CLOCK_REALTIME) / SECOND;
	if (seconds < 0)
		return 0;
	return seconds < RETRY_MAX / SECOND ? seconds * SECOND : RETRY_MAX;
}

static size_t take_header(char *data, size_t size, size_t n, void *ctx)
{
	static const char name[] = "retry-after:";
	struct skep_http_answer *answer = ctx;
	char value[64];

	n *= size;
	answer->headers += n;
	if (answer->headers > SKEP_HTTP_HEADERS)
		return 0;
	if (n > sizeof(name) - 1 && !strncasecmp(data, name, sizeof(name) - 1)) {
		snprintf(value, sizeof(value), "%.*s", (int)(n - sizeof(name) + 1),
			 data + sizeof(name) - 1);
		answer->retry_after = skep_http_retry_after(value);
	}
	return n;
}

int skep_http_set_up(struct skep_http *http, struct skep_error *err)
{
	const struct skep_http_opts *o = &http->opts;
	CURL *easy = http->easy;
	CURLcode code = skep_curl.easy_setopt(easy, CURLOPT_URL, o->url);
	long ms = (long)(o->timeout / 1000000);

	code = code ?: skep_curl.easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	if (o->ca)
		code = code ?: skep_curl.easy_setopt(easy, CURLOPT_CAINFO, o->ca);
	/* A body that was meant for one place is not taken to another. */
	code = code ?: skep_curl.easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	code = code ?: skep_curl.easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	code = code ?: skep_curl.easy_setopt(easy, CURLOPT_TIMEOUT_MS, ms);
	code = code ?: skep_curl.easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, ms);
	code = code ?: skep_curl.easy_setopt(easy, CURLOPT_USERAGENT, "skep");
	code = code ?: skep_curl.easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
	code = code ?: skep_curl.easy_setopt(easy, CURLOPT_WRITEDATA, &http->answer);
	code = code ?: skep_curl.easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
	code = code ?: skep_curl.easy_setopt(easy, CURLOPT_HEADERDATA, &http->answer);
	code = code ?: skep_curl.easy_setopt(easy, CURLOPT_ERRORBUFFER, http->answer.why);
	if (code)
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "%s",
				      skep_curl.easy_strerror(code));
	return 0;
}

/* The first line of what the server says to it, for who has to find out. */
static void add_answer(const struct skep_http_answer *answer, struct skep_error *why)
{
	const char *data = answer->body.data ?: "";
	size_t len = answer->body.len < 200 ? answer->body.len : 200;
	const char *end = memchr(data, '\n', len);

	if (end)
		len = (size_t)(end - data);
	if (len)
		skep_error_add_hint(why, "it says: %.*s", (int)len, data);
}

static enum skep_http_fate judge_status(const struct skep_http *http, struct skep_error *why)
{
	const struct skep_http_answer *answer = &http->answer;
	long status = answer->status;

	if (status >= 200 && status < 300)
		return SKEP_HTTP_TAKEN;
	skep_error_set(why, SKEP_STAGE_DELIVER, EPROTO, "the server answered %ld", status);
	if (status == 401 || status == 403)
		skep_error_add_hint(why, "it wants to be shown who asks: token_file=FILE");
	else if (status >= 300 && status < 400)
		skep_error_add_hint(why, "it points elsewhere, where nothing is sent to: give "
					 "that URL");
	else
		add_answer(answer, why);
	return status >= 500 || status == 408 || status == 429 ? SKEP_HTTP_AGAIN :
								 SKEP_HTTP_REFUSED;
}

enum skep_http_fate skep_http_judge(const struct skep_http *http, struct skep_error *why)
{
	const struct skep_http_answer *answer = &http->answer;
	enum skep_http_fate fate = SKEP_HTTP_AGAIN;

	if (answer->headers > SKEP_HTTP_HEADERS) {
		skep_error_set(why, SKEP_STAGE_DELIVER, EPROTO, "the server's headers do not end");
	} else if (answer->code == CURLE_OK || answer->is_cut) {
		fate = judge_status(http, why);
	} else {
		skep_error_set(why, SKEP_STAGE_DELIVER, EIO, "%s",
			       answer->why[0] ? answer->why :
						skep_curl.easy_strerror(answer->code));
		if (answer->code == CURLE_PEER_FAILED_VERIFICATION)
			fate = SKEP_HTTP_REFUSED;
	}
	if (fate != SKEP_HTTP_TAKEN)
		skep_error_add_object(why, "%s", http->host);
	return fate;
}

int64_t skep_http_pause(const struct skep_http *http, uint64_t tries)
{
	int64_t pause = tries < 8 ? FIRST << tries : LONGEST;
	uint32_t random = 0;

	if (http->answer.retry_after >= 0)
		return http->answer.retry_after;
	if (pause > LONGEST)
		pause = LONGEST;
	/* Many clients of one server that came back shall not all come at once. */
	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) < 0)
		random = (uint32_t)skep_clock_now(CLOCK_MONOTONIC);
	return pause / 2 + (int64_t)((uint64_t)(pause / 2) * (random % 1024) / 1024);
}
