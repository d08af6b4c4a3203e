// SPDX-License-Identifier: MIT
#include "stream/net/syslog_socket.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"

#define SECOND 1000000000ll
#define QUEUE  (16 << 20)

static int64_t now(void)
{
	return skep_clock_now(CLOCK_MONOTONIC);
}

int skep_syslog_unreachable(const struct skep_syslog *log, int code, struct skep_error *err)
{
	skep_error_set_errno(err, SKEP_STAGE_DELIVER, code, "syslog cannot be reached at %s%s%s",
			     log->host, log->port ? ":" : "", log->port ?: "");
	skep_error_add_hint(err, "is a syslog daemon running?");
	return code < 0 ? code : -code;
}

/* A daemon that does not read shall not hold up who writes. */
static int open_socket(int family, int type)
{
	const struct timeval second = { .tv_sec = 1 };
	int fd = socket(family, type | SOCK_CLOEXEC | (type == SOCK_STREAM ? SOCK_NONBLOCK : 0), 0);

	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &second, sizeof(second));
	return fd;
}

/* Some daemons listen for streams, which syslog(3) finds out as well. */
static int connect_unix(struct skep_syslog *log)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int ret = -EPROTOTYPE;

	if (strlen(log->host) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, log->host, strlen(log->host));
	for (int i = 0; i < 2 && ret == -EPROTOTYPE; i++) {
		SKEP_SCOPED(skep_scoped_fd)
		int fd = open_socket(AF_UNIX, i ? SOCK_STREAM : SOCK_DGRAM);

		ret = fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof(address)) ?
			      -errno :
			      0;
		log->is_stream = i;
		if (!ret)
			log->fd = SKEP_TAKE_FD(fd);
	}
	return ret;
}

static int connect_address(struct skep_syslog *log, const struct addrinfo *address)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = open_socket(address->ai_family, address->ai_socktype);

	if (fd < 0)
		return -errno;
	log->is_connecting = connect(fd, address->ai_addr, address->ai_addrlen);
	if (log->is_connecting && errno != EINPROGRESS)
		return -errno;
	log->fd = SKEP_TAKE_FD(fd);
	return 0;
}

static int connect_network(struct skep_syslog *log)
{
	const struct addrinfo hints = { .ai_socktype = log->is_stream ? SOCK_STREAM : SOCK_DGRAM };
	struct addrinfo *found = NULL;
	int ret = -EHOSTUNREACH;

	if (getaddrinfo(log->host, log->port, &hints, &found))
		return ret;
	for (const struct addrinfo *a = found; a && log->fd < 0; a = a->ai_next)
		ret = connect_address(log, a);
	freeaddrinfo(found);
	return ret;
}

int skep_syslog_reach(struct skep_syslog *log, struct skep_error *err)
{
	int ret;

	if (log->fd >= 0)
		return 0;
	if (now() < log->retry_at)
		return skep_syslog_unreachable(log, ENOTCONN, err);
	log->retry_at = now() + SECOND / 2;
	ret = log->kind == SKEP_SYSLOG_UNIX ? connect_unix(log) : connect_network(log);
	return ret ? skep_syslog_unreachable(log, ret, err) : 0;
}

void skep_syslog_hang_up(struct skep_syslog *log)
{
	if (log->fd >= 0)
		close(log->fd);
	log->fd = -1;
	log->is_connecting = false;
	log->sent = log->start;
}

static int wrong_place(const char *where, struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "there is no syslog at '%s'", where);
	skep_error_add_hint(err, "take unix:PATH, udp:HOST:PORT or tcp:HOST:PORT");
	return -EINVAL;
}

/* "host:514", "[::1]:514" */
static int parse_network(struct skep_syslog *log, const char *at)
{
	const char *colon = strrchr(at, ':');
	size_t len = colon ? (size_t)(colon - at) : 0;

	if (!len || !colon[1])
		return -EINVAL;
	if (at[0] == '[' && len > 2 && at[len - 1] == ']') {
		at++;
		len -= 2;
	}
	log->host = strndup(at, len);
	log->port = strdup(colon + 1);
	return log->host && log->port ? 0 : -ENOMEM;
}

static int parse(struct skep_syslog *log, const char *where)
{
	if (!strncmp(where, "udp:", 4)) {
		log->kind = SKEP_SYSLOG_UDP;
		return parse_network(log, where + 4);
	}
	if (!strncmp(where, "tcp:", 4)) {
		log->kind = SKEP_SYSLOG_TCP;
		log->is_stream = true;
		return parse_network(log, where + 4);
	}
	if (where[0] && (strncmp(where, "unix:", 5) || !where[5]))
		return -EINVAL;
	log->host = strdup(where[0] ? where + 5 : _PATH_LOG);
	return log->host ? 0 : -ENOMEM;
}

int skep_syslog_open(struct skep_syslog *log, const char *where, struct skep_error *err)
{
	int ret;

	*log = (struct skep_syslog){ .fd = -1, .limit = QUEUE };
	ret = parse(log, where);
	if (ret == -EINVAL)
		return wrong_place(where, err);
	if (ret)
		return skep_error_nomem(err, SKEP_STAGE_USAGE);
	return log->kind == SKEP_SYSLOG_UNIX ? skep_syslog_reach(log, err) : 0;
}
