/* SPDX-License-Identifier: MIT */
/* The functions of libcurl that are used, as skep_curl.easy_init() and so on. */
#ifndef SKEP_STREAM_NET_CURL_H
#define SKEP_STREAM_NET_CURL_H

#include <curl/curl.h>
#include <skep/error.h>

#define SKEP_CURL_FUNCTIONS(F) \
	F(global_init)         \
	F(getdate)             \
	F(free)                \
	F(slist_append)        \
	F(slist_free_all)      \
	F(url)                 \
	F(url_set)             \
	F(url_get)             \
	F(url_cleanup)         \
	F(easy_init)           \
	F(easy_setopt)         \
	F(easy_getinfo)        \
	F(easy_perform)        \
	F(easy_strerror)       \
	F(easy_cleanup)        \
	F(multi_init)          \
	F(multi_add_handle)    \
	F(multi_remove_handle) \
	F(multi_perform)       \
	F(multi_poll)          \
	F(multi_info_read)     \
	F(multi_cleanup)

#define SKEP_CURL_MEMBER(name) __typeof__(curl_##name) *name;

struct skep_curl_functions {
	SKEP_CURL_FUNCTIONS(SKEP_CURL_MEMBER)
};

extern struct skep_curl_functions skep_curl;

/* Loads libcurl, once; before that there is nothing behind the names. */
int skep_curl_load(struct skep_error *err);

#endif
