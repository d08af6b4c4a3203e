/* SPDX-License-Identifier: MIT */
/* Connections of this process with itself. */
#ifndef SKEP_EXAMPLES_TCP_H
#define SKEP_EXAMPLES_TCP_H

#include "example.h"
#include <poll.h>

/* Both ends of a TCP connection over loopback, or -1. */
static inline int example_tcp_pair(int ends[2])
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr *any = (struct sockaddr *)&address;
	socklen_t len = sizeof(address);

	ends[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ends[1] = -1;
	if (!bind(listener, any, len) && !listen(listener, 1) &&
	    !getsockname(listener, any, &len) && !connect(ends[0], any, len))
		ends[1] = accept(listener, NULL, NULL);
	close(listener);
	if (ends[1] < 0)
		perror("loopback");
	return ends[1] < 0 ? -1 : 0;
}

/* The port of a socket's own end. */
static inline uint32_t example_port(int fd)
{
	struct sockaddr_in address = { 0 };
	socklen_t len = sizeof(address);

	getsockname(fd, (struct sockaddr *)&address, &len);
	return ntohs(address.sin_port);
}

/* What comes within a second, as text. */
static inline const char *example_receive(int fd, char *text, size_t size)
{
	struct pollfd readable = { .fd = fd, .events = POLLIN };
	ssize_t n = poll(&readable, 1, 1000) == 1 ? recv(fd, text, size - 1, 0) : 0;

	text[n > 0 ? n : 0] = '\0';
	return text;
}

#endif
