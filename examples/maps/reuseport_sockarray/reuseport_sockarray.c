// SPDX-License-Identifier: MIT
/* The user side of reuseport_sockarray.bpf.c. */
#include "../../example.h"
#include "reuseport_sockarray.skel.h"
#include <poll.h>
#include <skep/net.h>

enum { WORKERS = 3, CUSTOMERS = 8 };

/* One of the sockets that share a port; the first chooses which. */
static int open_worker(struct sockaddr_in *address)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), on = 1;
	socklen_t len = sizeof(*address);

	if (setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) ||
	    bind(fd, (struct sockaddr *)address, len) ||
	    getsockname(fd, (struct sockaddr *)address, &len))
		perror("loopback");
	return fd;
}

/* The worker that a customer's packet comes to; -1: it does not within a second. */
static int serve(const int *fds)
{
	struct pollfd workers[WORKERS];
	char customer;

	for (int i = 0; i < WORKERS; i++)
		workers[i] = (struct pollfd){ .fd = fds[i], .events = POLLIN };
	poll(workers, WORKERS, 1000);
	for (int i = 0; i < WORKERS; i++)
		if (workers[i].revents && recv(fds[i], &customer, 1, 0) == 1)
			return i;
	return -1;
}

static int watch(struct reuseport_sockarray_bpf *skel, struct skep_error *err)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int from = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), fds[WORKERS];
	struct skep_link *link;

	for (unsigned int i = 0; i < WORKERS; i++) {
		reuseport_sockarray_bpf_workers_value fd;

		fd = (unsigned int)(fds[i] = open_worker(&address));
		if (reuseport_sockarray_bpf_workers_update(skel, &i, &fd, 0, err))
			return -1;
	}
	link = skep_program_attach_reuseport(skel->programs.choose, fds[0], err);
	if (!link)
		return -1;
	printf("customers 0 to %d came to workers", CUSTOMERS - 1);
	for (int i = 0; i < CUSTOMERS; i++) {
		const char customer = (char)i;

		sendto(from, &customer, 1, 0, (struct sockaddr *)&address, sizeof(address));
		printf(" %d", serve(fds));
	}
	printf("\n");
	skep_link_close(link);
	return 0;
}

int main(void)
{
	struct skep_error err = { 0 };
	struct reuseport_sockarray_bpf *skel = reuseport_sockarray_bpf_open(NULL, &err);
	int ret = -1;

	if (skel)
		ret = reuseport_sockarray_bpf_load(skel, NULL, &err);
	if (!ret)
		ret = watch(skel, &err);
	reuseport_sockarray_bpf_close(skel);
	return ret ? example_fail(&err) : 0;
}
