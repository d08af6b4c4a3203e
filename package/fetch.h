/* SPDX-License-Identifier: MIT */
/*
 * Packages from URLs. What comes is bounded in size and time; at most five redirects are
 * followed, and none from https to http; certificates are checked.
 */
#ifndef SKEP_PACKAGE_FETCH_H
#define SKEP_PACKAGE_FETCH_H

#include <stdint.h>
#include <skep/error.h>
#include <skep/text.h>

struct skep_fetch_opts {
	int64_t timeout_ns; /* in all; 0: five minutes */
	/* While it comes: bytes so far, and in all (0: not known). */
	void (*progress)(void *ctx, uint64_t got, uint64_t total);
	void *ctx;
};

/* Whether @ref is a URL of http or https. */
bool skep_fetch_is_url(const char *ref);

/*
 * Gets what @url points to; "@sha256:HEX" behind it is the digest that it must have. ENOENT: the
 * server says that there is no such thing, or libcurl is missing; EFBIG: over SKEP_PACKAGE_MOST;
 * ETIMEDOUT; EBADMSG: another digest; EIO, EPROTO: what else the server or the network did; EINVAL:
 * it is no URL.
 */
int skep_fetch(const char *url, const struct skep_fetch_opts *opts, struct skep_text *body,
	       struct skep_error *err);

#endif
