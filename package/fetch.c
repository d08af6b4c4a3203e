// SPDX-License-Identifier: MIT
#include "package/fetch.h"

#include <errno.h>
#include <stdlib.h>
#include <strings.h>

#include "base/error.h"
#include "base/readable.h"
#include "base/sha256.h"
#include "package/package.h"
#include "stream/net/curl.h"

#define REDIRECTS  5
#define TIMEOUT_NS (300 * 1000000000ll)
#define IDLE_S	   30 /* without a byte */

struct fetch {
	const struct skep_fetch_opts *opts;
	struct skep_text *body;
	bool is_too_long;
	char why[CURL_ERROR_SIZE];
};

bool skep_fetch_is_url(const char *ref)
{
	return !strncasecmp(ref, "http://", 7) || !strncasecmp(ref, "https://", 8);
}

static size_t take(char *data, size_t size, size_t n, void *ctx)
{
	struct fetch *f = ctx;

	n *= size;
	f->is_too_long = n > SKEP_PACKAGE_MOST - f->body->len;
	if (!f->is_too_long)
		skep_text_bytes(f->body, data, n);
	return f->is_too_long || f->body->failed ? 0 : n;
}

static int show_progress(void *ctx, curl_off_t total, curl_off_t got, curl_off_t a, curl_off_t b)
{
	struct fetch *f = ctx;

	(void)a;
	(void)b;
	f->opts->progress(f->opts->ctx, (uint64_t)got, (uint64_t)total);
	return 0;
}

static CURLcode set_up(CURL *easy, const char *url, struct fetch *f)
{
	bool is_safe = !strncasecmp(url, "https://", 8);
	int64_t timeout = f->opts->timeout_ns ? f->opts->timeout_ns : TIMEOUT_NS;
	CURLcode code = skep_curl.easy_setopt(easy, CURLOPT_URL, url);

	code = code ?: skep_curl.easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	code = code  ?:
		       skep_curl.easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR,
					     is_safe ? "https" : "http,https");
	code = code ?: skep_curl.easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
	code = code ?: skep_curl.easy_setopt(easy, CURLOPT_MAXREDIRS, (long)REDIRECTS);
	code = code ?: skep_curl.easy_setopt(easy, CURLOPT_FAILONERROR, 1L);
	code = code ?: skep_curl.easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	code = code  ?:
		       skep_curl.easy_setopt(easy, CURLOPT_TIMEOUT_MS,
					     (long)((timeout + 999999) / 1000000));
	code = code ?: skep_curl.easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
	code = code ?: skep_curl.easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)IDLE_S);
	code = code  ?:
		       skep_curl.easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE,
					     (curl_off_t)SKEP_PACKAGE_MOST);
	code = code ?: skep_curl.easy_setopt(easy, CURLOPT_USERAGENT, "skep");
	code = code ?: skep_curl.easy_setopt(easy, CURLOPT_ERRORBUFFER, f->why);
	code = code ?: skep_curl.easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
	code = code ?: skep_curl.easy_setopt(easy, CURLOPT_WRITEDATA, f);
	/* As other programs of OpenSSL's have it. */
	if (getenv("SSL_CERT_FILE"))
		code = code ?: skep_curl.easy_setopt(easy, CURLOPT_CAINFO, getenv("SSL_CERT_FILE"));
	if (f->opts->progress) {
		code = code ?: skep_curl.easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
		code = code ?: skep_curl.easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, show_progress);
		code = code ?: skep_curl.easy_setopt(easy, CURLOPT_XFERINFODATA, f);
	}
	return code;
}

static int explain(CURL *easy, CURLcode code, const struct fetch *f, struct skep_error *err)
{
	const char *why = f->why[0] ? f->why : skep_curl.easy_strerror(code);
	long status = 0;

	if (f->is_too_long || code == CURLE_FILESIZE_EXCEEDED)
		return skep_error_set(err, SKEP_STAGE_READ, EFBIG, "it has more than %u MiB",
				      SKEP_PACKAGE_MOST >> 20);
	if (f->body->failed)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	skep_curl.easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	switch (code) {
	case CURLE_HTTP_RETURNED_ERROR:
		return skep_error_set(err, SKEP_STAGE_READ, status == 404 ? ENOENT : EPROTO,
				      "the server answered %ld", status);
	case CURLE_TOO_MANY_REDIRECTS:
		return skep_error_set(err, SKEP_STAGE_READ, EPROTO,
				      "it is redirected more than %d times", REDIRECTS);
	case CURLE_UNSUPPORTED_PROTOCOL:
		return skep_error_set(err, SKEP_STAGE_READ, EPROTO,
				      "it is redirected to where nothing is fetched from: %s", why);
	case CURLE_OPERATION_TIMEDOUT:
		return skep_error_set(err, SKEP_STAGE_READ, ETIMEDOUT, "it takes too long: %s",
				      why);
	case CURLE_URL_MALFORMAT:
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "it is no URL: %s", why);
	default:
		return skep_error_set(err, SKEP_STAGE_READ, EIO, "%s", why);
	}
}

static int transfer(const char *url, struct fetch *f, struct skep_error *err)
{
	CURL *easy = skep_curl.easy_init();
	CURLcode code;
	long status = 0;
	int ret = 0;

	if (!easy)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	code = set_up(easy, url, f) ?: skep_curl.easy_perform(easy);
	if (code) {
		ret = explain(easy, code, f, err);
	} else {
		/* A redirect without a place to go is no error of curl's. */
		skep_curl.easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
		if (status != 200)
			ret = skep_error_set(err, SKEP_STAGE_READ, EPROTO,
					     "the server answered %ld", status);
	}
	skep_curl.easy_cleanup(easy);
	return ret;
}

/* "@sha256:" and 64 digits at the end; NULL: it is not pinned. */
static const char *find_pin(const char *url)
{
	const char *pin = strstr(url, "@sha256:"), *next;

	while (pin && (next = strstr(pin + 1, "@sha256:")))
		pin = next;
	return pin;
}

static int check_pin(const char *pin, const struct skep_text *body, struct skep_error *err)
{
	uint8_t digest[SKEP_SHA256_LEN];
	struct skep_text hex = { 0 };
	int ret = 0;

	skep_sha256(body->data, body->len, digest);
	skep_write_octets(digest, sizeof(digest), '\0', &hex);
	if (strcasecmp(skep_text_string(&hex), pin)) {
		ret = skep_error_set(err, SKEP_STAGE_READ, EBADMSG,
				     "it has another digest: sha256:%s", skep_text_string(&hex));
		skep_error_add_hint(err, "it was changed since the digest was taken; look at it "
					 "before you take the new one");
	}
	skep_text_free(&hex);
	return ret;
}

int skep_fetch(const char *url, const struct skep_fetch_opts *opts, struct skep_text *body,
	       struct skep_error *err)
{
	static const struct skep_fetch_opts none;
	struct fetch f = { .opts = opts ? opts : &none, .body = body };
	const char *pin = find_pin(url);
	char *plain;
	int ret;

	if (pin && (strlen(pin) != 8 + 64 || strspn(pin + 8, "0123456789abcdefABCDEF") != 64)) {
		ret = skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				     "'%s' is no digest: it has 64 hex digits", pin + 1);
		skep_error_add_object(err, "%s", url);
		return ret;
	}
	plain = strndup(url, pin ? (size_t)(pin - url) : strlen(url));
	if (!plain)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	ret = skep_curl_load(err) ?: transfer(plain, &f, err);
	if (!ret && pin)
		ret = check_pin(pin + 8, body, err);
	free(plain);
	if (ret)
		skep_error_add_object(err, "%s", url);
	return ret;
}
