/* SPDX-License-Identifier: MIT */
/* What the examples' user sides share: what their programs wait for, and how they end. */
#ifndef SKEP_EXAMPLES_EXAMPLE_H
#define SKEP_EXAMPLES_EXAMPLE_H

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
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

/* Two UDP sockets: what is sent from *@from comes to the one that is returned, at address @ip. */
static inline int example_udp_pair_at(const char *ip, int *from, struct sockaddr_in *address)
{
	int to = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof(*address);

	*address = (struct sockaddr_in){ .sin_family = AF_INET };
	inet_pton(AF_INET, ip, &address->sin_addr);
	*from = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (bind(to, (struct sockaddr *)address, len) ||
	    getsockname(to, (struct sockaddr *)address, &len) ||
	    connect(*from, (struct sockaddr *)address, len))
		perror(ip);
	return to;
}

static inline int example_udp_pair(int *from, struct sockaddr_in *address)
{
	return example_udp_pair_at("127.0.0.1", from, address);
}

/* A UDP socket of this host whose packets go to @ip, where nobody need be. */
static inline int example_udp_to(const char *ip)
{
	struct sockaddr_in from = { .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) },
			   to = { .sin_family = AF_INET, .sin_port = htons(9) };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	inet_pton(AF_INET, ip, &to.sin_addr);
	if (bind(fd, (struct sockaddr *)&from, sizeof(from)) ||
	    connect(fd, (struct sockaddr *)&to, sizeof(to)))
		perror(ip);
	return fd;
}

/* Sets an interface up; 0 if that worked. */
static inline int example_up(const char *ifname)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), ret;
	struct ifreq request = { 0 };

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", ifname);
	ret = ioctl(fd, SIOCGIFFLAGS, &request);
	request.ifr_flags |= IFF_UP;
	if (!ret)
		ret = ioctl(fd, SIOCSIFFLAGS, &request);
	close(fd);
	return ret;
}

/* A network of the example's own, which ends with it: a loopback, and what it adds. 0: it is. */
static inline int example_network(void)
{
	int ret = unshare(CLONE_NEWNET) || example_up("lo") ? -1 : 0;

	if (ret)
		perror("a network of its own");
	return ret;
}

/* Sends so many bytes, each for itself, and gives them time to come. */
static inline void example_send(int from, int times)
{
	while (times-- > 0)
		send(from, "!", 1, 0);
	usleep(10000);
}

static inline bool example_receives(int to)
{
	char byte;

	return recv(to, &byte, 1, MSG_DONTWAIT) == 1;
}

/* The one argument of examples of cgroups; NULL, and what it should be is told. */
static inline const char *example_cgroup(int argc, char **argv)
{
	if (argc == 2)
		return argv[1];
	fprintf(stderr, "usage: %s CGROUP, a folder in which this process is\n", argv[0]);
	return NULL;
}

#endif
