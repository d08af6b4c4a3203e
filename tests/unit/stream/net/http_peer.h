/* SPDX-License-Identifier: MIT */
/* A server of HTTP that answers as a test wants it, and keeps what it was sent. */
#ifndef SKEP_TESTS_STREAM_HTTP_PEER_H
#define SKEP_TESTS_STREAM_HTTP_PEER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stddef.h>

#define HTTP_PEER_REQUESTS 256

struct http_peer;

/* Answers the request of this number, from 0; the connection is closed behind it. */
typedef void (*http_peer_fn)(struct http_peer *peer, int fd, unsigned int number);

struct http_request {
	char *head; /* a string */
	char *body; /* of @len bytes, and a NUL */
	size_t len;
};

struct http_peer {
	http_peer_fn answer; /* NULL: 200 for all */
	void *ctx;
	uint16_t port;
	char url[64];
	atomic_uint n; /* requests that were read; the rest of them is forgotten */
	struct http_request requests[HTTP_PEER_REQUESTS];
	int fd;
	int stop[2];
	pthread_t thread;
};

void http_peer_start(struct http_peer *peer, http_peer_fn answer);
void http_peer_stop(struct http_peer *peer);

/* A whole answer; false: the client is gone. */
int http_peer_say(int fd, const char *answer);

/* "HTTP/1.1 STATUS\r\n" with @headers, each ended by \r\n, and a body. */
int http_peer_reply(int fd, const char *status, const char *headers, const char *body);

/* Waits as long as the client stays, at most some seconds. */
void http_peer_hang(struct http_peer *peer, int fd);

#endif
