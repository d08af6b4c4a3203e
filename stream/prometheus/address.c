// SPDX-License-Identifier: MIT
/* Where questions are listened for. */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"
#include "stream/prometheus/prometheus.h"

#define LOOPBACK     "127.0.0.1"
#define DEFAULT_PORT "9400"

struct place {
	char host[80], port[8];
};

static int wrong_place(const char *target, const char *cause, struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "'%s' %s", target, cause);
	skep_error_add_hint(err, "give ADDRESS:PORT, such as 127.0.0.1:9400 or [::1]:9400; *:9400 "
				 "is all addresses of this machine");
	return -EINVAL;
}

static bool is_port(const char *text)
{
	size_t len = strlen(text);

	return len && len <= 5 && strspn(text, "0123456789") == len && atoi(text) <= 65535;
}

/* "ADDRESS:PORT", with an address of IPv6 in brackets; either may be missing. */
static int cut(const char *target, struct place *place, struct skep_error *err)
{
	const char *colon = strrchr(target, ':');
	const char *port = colon ? colon + 1 : target, *host = target;
	size_t len = colon ? (size_t)(colon - target) : 0;

	if (!is_port(*target ? port : DEFAULT_PORT))
		return wrong_place(target, "has no port between 0 and 65535 at its end", err);
	snprintf(place->port, sizeof(place->port), "%s", *target ? port : DEFAULT_PORT);
	if (len >= 2 && host[0] == '[' && host[len - 1] == ']') {
		host++;
		len -= 2;
	} else if (memchr(host, ':', len)) {
		return wrong_place(target, "has an address of IPv6 without its brackets", err);
	}
	if (len >= sizeof(place->host))
		return wrong_place(target, "is no address", err);
	snprintf(place->host, sizeof(place->host), "%.*s", (int)len, host);
	if (!len || !strcmp(place->host, "localhost"))
		memcpy(place->host, LOOPBACK, sizeof(LOOPBACK));
	else if (!strcmp(place->host, "*"))
		memcpy(place->host, "0.0.0.0", sizeof("0.0.0.0"));
	return 0;
}

static int refuse(const struct place *place, int code, struct skep_error *err)
{
	char holder[64];

	if (code == EADDRINUSE) {
		skep_prometheus_name_holder((uint16_t)atoi(place->port), holder, sizeof(holder));
		skep_error_set(err, SKEP_STAGE_DELIVER, code, "port %s of %s is in use%s",
			       place->port, place->host, holder);
		skep_error_add_hint(err, "take another port%s",
				    holder[0] ? "" : "; 'ss -ltnp' as root tells who has this one");
	} else if (code == EADDRNOTAVAIL) {
		skep_error_set(err, SKEP_STAGE_DELIVER, code, "this machine has no address %s",
			       place->host);
		skep_error_add_hint(err, "'ip address' lists those it has");
	} else {
		skep_error_set_errno(err, SKEP_STAGE_DELIVER, code,
				     "port %s of %s cannot be listened at", place->port,
				     place->host);
		if (code == EACCES)
			skep_error_add_hint(err, "ports below 1024 take root; take a larger one");
	}
	return -code;
}

static int listen_at(const struct addrinfo *address)
{
	const int yes = 1;
	int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), code;

	if (fd < 0)
		return -errno;
	/* Connections of an earlier run that have not quite ended are no reason to wait. */
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	/* Beyond the backlog a client tries again after a second only. */
	if (!bind(fd, address->ai_addr, address->ai_addrlen) && !listen(fd, SOMAXCONN))
		return fd;
	code = errno;
	close(fd);
	return -code;
}

static uint16_t port_of(int fd)
{
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} address = { 0 };
	socklen_t len = sizeof(address);

	if (getsockname(fd, &address.any, &len))
		return 0;
	return ntohs(address.any.sa_family == AF_INET6 ? address.v6.sin6_port :
							 address.v4.sin_port);
}

int skep_prometheus_listen(const char *target, uint16_t *port, struct skep_error *err)
{
	const struct addrinfo numeric = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
					  .ai_socktype = SOCK_STREAM };
	struct addrinfo *address = NULL;
	struct place place = { 0 };
	int fd = cut(target, &place, err);

	if (fd)
		return fd;
	if (getaddrinfo(place.host, place.port, &numeric, &address))
		return wrong_place(target, "is no address; names are not looked up", err);
	fd = listen_at(address);
	freeaddrinfo(address);
	if (fd < 0)
		return refuse(&place, -fd, err);
	*port = port_of(fd);
	return fd;
}
