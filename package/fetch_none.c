// SPDX-License-Identifier: MIT
/* Built without libcurl: URLs are told apart, and nothing is fetched. */
#include <errno.h>
#include <strings.h>

#include "base/error.h"
#include "package/fetch.h"

bool skep_fetch_is_url(const char *ref)
{
	return !strncasecmp(ref, "http://", 7) || !strncasecmp(ref, "https://", 8);
}

int skep_fetch(const char *url, const struct skep_fetch_opts *opts, struct skep_text *body,
	       struct skep_error *err)
{
	(void)opts;
	(void)body;
	skep_error_set(err, SKEP_STAGE_READ, ENOTSUP, "this skep was built without libcurl");
	skep_error_add_object(err, "%s", url);
	skep_error_add_hint(err, "fetch it by another program, and run the file or '-'");
	return -ENOTSUP;
}
