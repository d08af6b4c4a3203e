/* SPDX-License-Identifier: MIT */
/* What the examples' user sides share: how they end. */
#ifndef SKEP_EXAMPLES_EXAMPLE_H
#define SKEP_EXAMPLES_EXAMPLE_H

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <skep/skep.h>

/* Says what went wrong: 3 if the kernel or the rights do not allow it, otherwise 1. */
static inline int example_fail(const struct skep_error *err)
{
	skep_error_print(err, stderr);
	return err->code == EOPNOTSUPP || err->code == EPERM ? 3 : 1;
}

/* errno of a call that is not skep's as an error; -1. Kinds that the kernel lacks are refusals. */
static inline int example_errno(const char *what, struct skep_error *err)
{
	bool is_missing = errno == ENOENT || errno == ENODEV || errno == EAFNOSUPPORT;

	*err = (struct skep_error){ .code = is_missing ? EOPNOTSUPP : errno };
	snprintf(err->what, sizeof(err->what), "%s", what);
	snprintf(err->cause, sizeof(err->cause), "%s", strerror(errno));
	return -1;
}

/* Calls that the examples' programs wait for. */
static inline void example_getppid(int times)
{
	while (times-- > 0)
		syscall(SYS_getppid);
}

/* Two UDP sockets on loopback: what is sent from *@from comes to the one that is returned. */
static inline int example_udp_pair(int *from, struct sockaddr_in *address)
{
	int to = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof(*address);

	*address = (struct sockaddr_in){ .sin_family = AF_INET,
					 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	*from = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (bind(to, (struct sockaddr *)address, len) ||
	    getsockname(to, (struct sockaddr *)address, &len) ||
	    connect(*from, (struct sockaddr *)address, len))
		perror("loopback");
	return to;
}

#endif
