// SPDX-License-Identifier: MIT
/*
 * Addresses as numbers. Names would be looked up by parts of the C library that are loaded at run
 * time, in the version that the executable was linked with: one that runs alone cannot have them.
 */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct found {
	struct addrinfo info;
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} address;
};

static void set(struct found *found, const struct addrinfo *hints, int family, socklen_t len)
{
	found->address.any.sa_family = (sa_family_t)family;
	found->info = (struct addrinfo){ .ai_family = family,
					 .ai_socktype = hints ? hints->ai_socktype : SOCK_STREAM,
					 .ai_addr = &found->address.any,
					 .ai_addrlen = len };
}

/* Parameters are called as in the system's header. */
int getaddrinfo(const char *__name, const char *__service, const struct addrinfo *__req,
		struct addrinfo **__pai)
{
	struct found *found = calloc(1, sizeof(*found));
	unsigned long port = __service ? strtoul(__service, NULL, 10) : 0;

	if (!found)
		return EAI_MEMORY;
	if (__name && port <= UINT16_MAX &&
	    inet_pton(AF_INET, __name, &found->address.v4.sin_addr)) {
		set(found, __req, AF_INET, sizeof(found->address.v4));
		found->address.v4.sin_port = htons((uint16_t)port);
	} else if (__name && port <= UINT16_MAX &&
		   inet_pton(AF_INET6, __name, &found->address.v6.sin6_addr)) {
		set(found, __req, AF_INET6, sizeof(found->address.v6));
		found->address.v6.sin6_port = htons((uint16_t)port);
	} else {
		free(found);
		return EAI_NONAME;
	}
	*__pai = &found->info;
	return 0;
}

/* Its first member is the one that was handed out. */
void freeaddrinfo(struct addrinfo *__ai)
{
	free(__ai);
}
