// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"

#define FIRST 7000
#define LAST  7999

/* A network that nobody else is in, with a loopback that is up. */
static int enter_own_network(struct skep_error *err)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd;

	if (unshare(CLONE_NEWNET)) {
		err->code = errno;
		return -1;
	}
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	CHECK(!ioctl(fd, SIOCSIFFLAGS, &lo));
	return close(fd);
}

static int can_connect(int port)
{
	const struct sockaddr_in to = { .sin_family = AF_INET,
					.sin_port = htons((unsigned short)port),
					.sin_addr = { htonl(INADDR_LOOPBACK) } };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	int done = !connect(fd, (const struct sockaddr *)&to, sizeof(to));

	close(fd);
	return done;
}

void test(struct PROJECT_bpf *skel, struct skep_error *err)
{
	PROJECT_bpf_listener_value value;
	PROJECT_bpf_listener_key zero = 0;
	int listener;

	skel->rodata->first = FIRST;
	skel->rodata->last = LAST;
	if (enter_own_network(err) || PROJECT_bpf_load(skel, NULL, err))
		return;
	listener = socket(AF_INET, SOCK_STREAM, 0);
	value = (unsigned int)listener;
	CHECK(!listen(listener, 16));
	skel->links.steer = skep_program_attach_netns(skel->programs.steer, NULL, err);
	if (!skel->links.steer || PROJECT_bpf_listener_update(skel, &zero, &value, BPF_ANY, err))
		return;
	CHECK(can_connect(FIRST));
	CHECK(can_connect(FIRST + 123));
	CHECK(!can_connect(FIRST - 1));
	CHECK(!can_connect(LAST + 1));
	CHECK(skel->bss->steered == 2);
	PROJECT_bpf_detach(skel);
	CHECK(!can_connect(FIRST));
	close(listener);
}
