// SPDX-License-Identifier: MIT
#include "http_peer.h"

#include <arpa/inet.h>
#include <assert.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define LONGEST (64u << 20)

int http_peer_say(int fd, const char *answer)
{
	size_t len = strlen(answer);

	return send(fd, answer, len, MSG_NOSIGNAL) == (ssize_t)len;
}

int http_peer_reply(int fd, const char *status, const char *headers, const char *body)
{
	char text[4096];

	snprintf(text, sizeof(text),
		 "HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: %zu\r\n%s\r\n%s", status,
		 strlen(body), headers, body);
	return http_peer_say(fd, text);
}

void http_peer_hang(struct http_peer *peer, int fd)
{
	struct pollfd fds[] = { { .fd = fd, .events = POLLRDHUP },
				{ .fd = peer->stop[0], .events = POLLIN } };

	poll(fds, 2, 20000);
}

static size_t content_length(const char *head)
{
	const char *at = strcasestr(head, "\r\nContent-Length:");

	return at ? strtoul(at + 17, NULL, 10) : 0;
}

/* Head and body of one request; false: the client went away. */
static int read_request(int fd, struct http_request *request)
{
	size_t cap = 4096, len = 0, head = 0, want = 0;
	char *text = malloc(cap);

	while (!head || len < want) {
		ssize_t n;
		char *end;

		if (cap - len < 4096)
			text = realloc(text, cap *= 2);
		n = recv(fd, text + len, cap - len - 1, 0);
		if (n <= 0 || len > LONGEST) {
			free(text);
			return 0;
		}
		len += (size_t)n;
		text[len] = '\0';
		end = head ? NULL : strstr(text, "\r\n\r\n");
		if (end) {
			head = (size_t)(end - text) + 4;
			want = head + content_length(text);
		}
	}
	request->head = strndup(text, head);
	request->len = len - head;
	request->body = malloc(request->len + 1);
	memcpy(request->body, text + head, request->len);
	request->body[request->len] = '\0';
	free(text);
	return 1;
}

static void serve(struct http_peer *peer, int fd)
{
	struct http_request request = { 0 };
	unsigned int number = peer->n;

	if (!read_request(fd, &request))
		return;
	if (number < HTTP_PEER_REQUESTS) {
		peer->requests[number] = request;
	} else {
		free(request.head);
		free(request.body);
	}
	peer->n++;
	if (peer->answer)
		peer->answer(peer, fd, number);
	else
		http_peer_reply(fd, "200 OK", "", "");
}

static void *run(void *ctx)
{
	struct http_peer *peer = ctx;
	struct pollfd fds[] = { { .fd = peer->fd, .events = POLLIN },
				{ .fd = peer->stop[0], .events = POLLIN } };

	while (poll(fds, 2, -1) > 0 && !fds[1].revents) {
		int fd = accept(peer->fd, NULL, NULL);

		if (fd < 0)
			continue;
		serve(peer, fd);
		shutdown(fd, SHUT_WR);
		close(fd);
	}
	return NULL;
}

void http_peer_start(struct http_peer *peer, http_peer_fn answer)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);
	int ret;

	memset(peer, 0, sizeof(*peer));
	peer->answer = answer;
	peer->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ret = bind(peer->fd, (struct sockaddr *)&address, sizeof(address)) ||
	      listen(peer->fd, 16) || getsockname(peer->fd, (struct sockaddr *)&address, &len) ||
	      pipe(peer->stop);
	assert(!ret);
	peer->port = ntohs(address.sin_port);
	snprintf(peer->url, sizeof(peer->url), "http://127.0.0.1:%u/in", peer->port);
	ret = pthread_create(&peer->thread, NULL, run, peer);
	assert(!ret);
}

void http_peer_stop(struct http_peer *peer)
{
	if (write(peer->stop[1], "", 1) == 1)
		pthread_join(peer->thread, NULL);
	close(peer->fd);
	close(peer->stop[0]);
	close(peer->stop[1]);
	for (unsigned int i = 0; i < peer->n && i < HTTP_PEER_REQUESTS; i++) {
		free(peer->requests[i].head);
		free(peer->requests[i].body);
	}
}
