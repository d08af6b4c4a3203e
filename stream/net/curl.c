// SPDX-License-Identifier: MIT
#include "stream/net/curl.h"

#include <errno.h>
#include <pthread.h>

#include "base/error.h"
#include "stream/net/library.h"

#define NAME(name) "curl_" #name,

struct skep_curl_functions skep_curl;

static struct skep_error failed;

static void load(void)
{
	static const char *const names[] = { SKEP_CURL_FUNCTIONS(NAME) NULL };

	_Static_assert(sizeof(names) == sizeof(skep_curl) + sizeof(char *), "a name a member");
	if (skep_library_load("libcurl.so.4", "libcurl4", names, &skep_curl, &failed))
		return;
	if (skep_curl.global_init(CURL_GLOBAL_DEFAULT))
		skep_error_set(&failed, SKEP_STAGE_DELIVER, EIO, "libcurl cannot be started");
}

int skep_curl_load(struct skep_error *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, load);
	if (failed.code && err)
		*err = failed;
	return -failed.code;
}
